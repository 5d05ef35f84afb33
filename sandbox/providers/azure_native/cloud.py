"""One configured `azure-native` provider: its settings, its token and its calls of Resource Manager's REST API."""

import os
import ssl
import threading
import time
import weakref
from pathlib import Path
from typing import Any

from sandbox.providers.framework.contract import Shape, shape
from sandbox.providers.framework.resource import Props, Refused

SETTINGS: Shape = shape(
    "clientId clientSecret disableInstanceDiscovery disablePulumiPartnerId environment location metadataHost oidcToken "
    "oidcTokenFilePath partnerId subscriptionId tenantId useOidc"
)
"""The provider settings that are carried out; every other real one is refused in CheckConfig."""
_FROM_ENVIRONMENT = {
    "clientId": "ARM_CLIENT_ID",
    "clientSecret": "ARM_CLIENT_SECRET",
    "metadataHost": "ARM_METADATA_HOSTNAME",
    "oidcToken": "ARM_OIDC_TOKEN",
    "oidcTokenFilePath": "ARM_OIDC_TOKEN_FILE_PATH",
    "subscriptionId": "ARM_SUBSCRIPTION_ID",
    "tenantId": "ARM_TENANT_ID",
}
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class AzureError(Exception):
    """Azure's answer was a refusal.

    Args:
        status: The HTTP status.
        code: Azure's machine-readable word.
        message: Azure's words.
    """

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


class Azure:
    """Calls for one provider instance.

    Args:
        settings: The provider's settings, secrets opened.

    Raises:
        Refused: When they are not enough.
    """

    def __init__(self, settings: Props) -> None:
        found = {name: os.environ.get(variable) for name, variable in _FROM_ENVIRONMENT.items()}
        self.settings: Props = {**{k: v for k, v in found.items() if v}, **{k: v for k, v in settings.items() if v not in (None, "")}}  # fmt: skip
        if not self.settings.get("metadataHost"):
            raise Refused("there is no azure-native:metadataHost, and this stand-in never calls the real cloud")
        missing = [name for name in ("subscriptionId", "tenantId", "clientId") if not self.settings.get(name)]
        if missing:
            raise Refused(f"a Subscription ID, a Tenant ID and a Client ID must be configured: {', '.join(missing)} missing")  # fmt: skip
        # The real provider has no setting for an authority; written in Go, it honours this variable.
        self._authority = os.environ.get("SSL_CERT_FILE") or None
        self._lock = threading.RLock()
        self._http: Any = None
        self._metadata: Props = {}
        self._tokens: dict[str, tuple[str, float]] = {}
        self.locations: dict[str, str] = {}

    @property
    def implied(self) -> Props:
        """Inputs that every resource has: none, since the subscription is no input."""
        return {}

    @property
    def subscription(self) -> str:
        """The subscription's id."""
        return str(self.settings["subscriptionId"])

    # -- calls
    def call(self, method: str, path: str, version: str, body: Any = None) -> Props:
        """Call Resource Manager.

        Args:
            method: In capitals.
            path: The resource's id, with a slash before it.
            version: The API version.
            body: What to send, as JSON.

        Returns:
            The answer; empty when there is none.

        Raises:
            AzureError: Azure refuses.
        """
        address = self._endpoints()["resourceManager"].rstrip("/")
        return self.send(method, f"{address}{path}?api-version={version}", self._endpoints()["authentication"]["audiences"][0], body)  # fmt: skip

    def send(self, method: str, address: str, audience: str, body: Any = None) -> Props:
        """Call any API.

        Args:
            method: In capitals.
            address: All of it.
            audience: Whose token to send.
            body: What to send, as JSON.
        """
        headers = {"Authorization": f"Bearer {self.token(audience)}"}
        answer = self._client().request(method, address, json=body, headers=headers)
        if answer.status_code >= 400:
            raise _error(answer)
        found: Props = answer.json() if answer.content else {}
        return found

    def _client(self) -> Any:
        with self._lock:
            if self._http is None:
                import httpx

                trust = ssl.create_default_context(cafile=self._authority)
                self._http = httpx.Client(verify=trust, trust_env=False, timeout=60)
                weakref.finalize(self, self._http.close)
            return self._http

    def _endpoints(self) -> Props:
        with self._lock:
            if not self._metadata:
                address = f"https://{self.settings['metadataHost']}/metadata/endpoints?api-version=2022-09-01"
                answer = self._client().get(address)
                if answer.status_code >= 400:
                    raise _error(answer)
                self._metadata = answer.json()
            return self._metadata

    # -- tokens
    def token(self, audience: str) -> str:
        """A valid access token.

        Args:
            audience: For which API.
        """
        with self._lock:
            token, until = self._tokens.get(audience, ("", 0.0))
            if time.time() < until:
                return token
            login = self._endpoints()["authentication"]["loginEndpoint"].rstrip("/")
            form = {"grant_type": "client_credentials", "client_id": self.settings["clientId"], "scope": f"{audience.rstrip('/')}/.default", **self._proof()}  # fmt: skip
            answer = self._client().post(f"{login}/{self.settings['tenantId']}/oauth2/v2.0/token", data=form)
            if answer.status_code >= 400:
                said = answer.json()
                raise AzureError(answer.status_code, str(said.get("error")), str(said.get("error_description")))
            found = answer.json()
            self._tokens[audience] = (found["access_token"], time.time() + found["expires_in"] - 300)
            return str(found["access_token"])

    def _proof(self) -> Props:
        if self.settings.get("useOidc"):
            token = self.settings.get("oidcToken")
            if not token and (file := self.settings.get("oidcTokenFilePath")):
                token = Path(file).read_text().strip()
            if not token:
                raise Refused("azure-native:useOidc needs oidcToken or oidcTokenFilePath; requests for a token are not carried out")  # fmt: skip
            return {"client_assertion_type": _ASSERTION, "client_assertion": token}
        if not self.settings.get("clientSecret"):
            raise Refused("azure-native:clientSecret is missing; of the other ways to sign in only useOidc is carried out")  # fmt: skip
        return {"client_secret": self.settings["clientSecret"]}

    # -- the client's errors
    def error_code(self, problem: Exception) -> str:
        """The HTTP status of an error that Azure answered; empty when the problem is not its answer."""
        return str(problem.status) if isinstance(problem, AzureError) else ""

    def error_text(self, problem: Exception) -> str:
        """One line for the user, in the form of the real provider; empty when it is not a client's problem."""
        if isinstance(problem, AzureError):
            return f'Status={problem.status} Code="{problem.code}" Message="{" ".join(problem.message.split())}"'
        import httpx

        return " ".join(str(problem).split()) if isinstance(problem, httpx.HTTPError) else ""


def _error(answer: Any) -> AzureError:
    try:
        error = answer.json()["error"]
        return AzureError(answer.status_code, error["code"], error["message"])
    except (ValueError, KeyError, TypeError):
        return AzureError(answer.status_code, "Unknown", answer.text[:300] or answer.reason_phrase)


def configure(settings: Props) -> Azure:
    """A provider from its settings.

    Args:
        settings: As Configure brings them.
    """
    return Azure(settings)
