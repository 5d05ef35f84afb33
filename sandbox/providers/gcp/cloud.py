"""One configured `gcp` provider: its settings, its token and its calls."""

import json
import os
import threading
from pathlib import Path
from typing import Any

from sandbox.providers.framework.contract import Shape, shape
from sandbox.providers.framework.resource import Props, Refused

SETTINGS: Shape = shape(
    "accessToken addPulumiAttributionLabel credentials defaultLabels impersonateServiceAccount project region zone scopes "
    "iamCredentialsCustomEndpoint iamCustomEndpoint kmsCustomEndpoint resourceManagerCustomEndpoint storageCustomEndpoint"
)
"""The provider settings that are carried out; every other real one is refused in CheckConfig."""
SERVICES = {
    "iam": "iamCustomEndpoint",
    "iamcredentials": "iamCredentialsCustomEndpoint",
    "kms": "kmsCustomEndpoint",
    "resourcemanager": "resourceManagerCustomEndpoint",
    "storage": "storageCustomEndpoint",
}
ATTRIBUTION = {"goog-pulumi-provisioned": "true"}
"""The label that the real provider puts on everything it makes, unless told not to."""
_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
_FROM_ENVIRONMENT = {
    "project": ("GOOGLE_PROJECT", "GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT", "CLOUDSDK_CORE_PROJECT"),
    "region": ("GOOGLE_REGION", "GCLOUD_REGION", "CLOUDSDK_COMPUTE_REGION"),
    "credentials": ("GOOGLE_CREDENTIALS", "GOOGLE_CLOUD_KEYFILE_JSON", "GCLOUD_KEYFILE_JSON", "GOOGLE_APPLICATION_CREDENTIALS"),
    "accessToken": ("GOOGLE_OAUTH_ACCESS_TOKEN",),
}  # fmt: skip


class GcpError(Exception):
    """Google's answer was a refusal.

    Args:
        code: The HTTP status.
        message: Google's words.
        reason: Google's machine-readable word.
    """

    def __init__(self, code: int, message: str, reason: str) -> None:
        super().__init__(message)
        self.code, self.message, self.reason = code, message, reason


class Gcp:
    """Calls for one provider instance. Google's libraries are imported on first use: a plugin that only checks and compares
    never pays for them.

    Args:
        settings: The provider's settings, secrets opened.

    Raises:
        Refused: When they are not enough.
    """

    def __init__(self, settings: Props) -> None:
        self.settings = {**_environment(), **{k: v for k, v in settings.items() if v is not None}}
        self.default_labels: dict[str, str] = settings.get("defaultLabels") or {}
        self.attribution = ATTRIBUTION if self.settings.get("addPulumiAttributionLabel", True) else {}
        if not self.settings.get("accessToken") and not self.settings.get("credentials"):
            raise Refused("could not find default credentials: set gcp:credentials or gcp:accessToken")
        # The real provider has no setting for an authority; written in Go, it honours this variable.
        self._authority = os.environ.get("SSL_CERT_FILE") or True
        self._lock = threading.RLock()
        self._google: Any = None
        self._http: Any = None
        self._locks: dict[str, threading.Lock] = {}

    @property
    def implied(self) -> Props:
        """Inputs that every resource of a project has, given or not."""
        return {k: v for k, v in self.settings.items() if k == "project"}

    @property
    def project(self) -> str:
        """The default project.

        Raises:
            Refused: There is none.
        """
        found: str = self.settings.get("project") or ""
        if not found:
            raise Refused("project: required field is not set: set gcp:project, or the resource's own project")
        return found

    def lock(self, name: str) -> threading.Lock:
        """One lock a policy, so that this provider's own writers wait for each other.

        Args:
            name: The resource whose policy it is.
        """
        with self._lock:
            return self._locks.setdefault(name, threading.Lock())

    def call(self, service: str, method: str, path: str, body: Any = None, **query: Any) -> Props:
        """Call an API.

        Args:
            service: A key of SERVICES.
            method: In capitals.
            path: Behind the service's endpoint, percent-encoded.
            body: What to send, as JSON.
            query: Parameters; those that are None are left out.

        Returns:
            The answer; empty when there is none.

        Raises:
            GcpError: Google refuses.
            Refused: The settings have no endpoint for the service.
        """
        address = self.endpoint(service) + path
        headers = {"Authorization": f"Bearer {self.token()}"}
        given = {k: v for k, v in query.items() if v is not None}
        answer = self._session().request(method, address, json=body, params=given, headers=headers, timeout=60)
        if answer.status_code >= 400:
            raise _error(answer)
        found: Props = answer.json() if answer.content else {}
        return found

    def endpoint(self, service: str) -> str:
        """Where a service is.

        Args:
            service: A key of SERVICES.

        Raises:
            Refused: The settings do not say.
        """
        found: str = self.settings.get(SERVICES[service]) or ""
        if not found:
            raise Refused(f"there is no {SERVICES[service]}, and this stand-in never calls the real cloud")
        return found if found.endswith("/") else found + "/"

    def _session(self) -> Any:
        with self._lock:
            if self._http is None:
                import requests

                self._http = requests.Session()
                self._http.trust_env = False
                self._http.verify = self._authority
            return self._http

    def token(self) -> str:
        """A valid access token."""
        with self._lock:
            token: str = self.settings.get("accessToken") or self._own_token()
            account = self.settings.get("impersonateServiceAccount")
            return self._other_token(token, account) if account else token

    def _own_token(self) -> str:
        from google.auth.transport.requests import Request
        from google.oauth2 import service_account

        if self._google is None:
            text: str = self.settings["credentials"]
            scopes = self.settings.get("scopes") or [_SCOPE]
            try:
                info = json.loads(text if text.lstrip().startswith("{") else Path(text).expanduser().read_text())
                self._google = service_account.Credentials.from_service_account_info(info, scopes=scopes)
            except (OSError, ValueError, AttributeError):
                # Never the value itself, nor a library's words about it: it is a private key.
                raise Refused(
                    "gcp:credentials is neither the JSON of a service account's key nor the path of such a file"
                ) from None
        if not self._google.valid:
            self._google.refresh(Request(self._session()))
        return str(self._google.token)

    def _other_token(self, token: str, account: str) -> str:
        address = f"{self.endpoint('iamcredentials')}projects/-/serviceAccounts/{account}:generateAccessToken"
        answer = self._session().post(
            address, json={"scope": [_SCOPE]}, headers={"Authorization": f"Bearer {token}"}, timeout=60
        )
        if answer.status_code >= 400:
            raise _error(answer)
        return str(answer.json()["accessToken"])

    # -- the client's errors
    def error_code(self, problem: Exception) -> str:
        """Google's status of an error it answered; empty when the problem is not its answer."""
        return str(problem.code) if isinstance(problem, GcpError) else ""

    def error_text(self, problem: Exception) -> str:
        """One line for the user, in the form of the real provider; empty when it is not a client's problem."""
        if isinstance(problem, GcpError):
            return f"googleapi: Error {problem.code}: {problem.message}, {problem.reason}"
        from google.auth.exceptions import GoogleAuthError
        from requests import RequestException

        return " ".join(str(problem).split()) if isinstance(problem, GoogleAuthError | RequestException) else ""


def _environment() -> Props:
    found = {
        name: next((os.environ[v] for v in names if os.environ.get(v)), None)
        for name, names in _FROM_ENVIRONMENT.items()
    }
    return {k: v for k, v in found.items() if v}


def _error(answer: Any) -> GcpError:
    try:
        error = answer.json()["error"]
        errors = error.get("errors") or [{}]
        return GcpError(error["code"], error["message"], errors[0].get("reason") or error.get("status", ""))
    except (ValueError, KeyError, TypeError, AttributeError):
        return GcpError(answer.status_code, answer.text[:300] or answer.reason, "")


def configure(settings: Props) -> Gcp:
    """A provider from its settings.

    Args:
        settings: As Configure brings them.
    """
    return Gcp(settings)
