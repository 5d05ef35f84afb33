"""The sign-in endpoint: by client secret, or by a token of an issuer that an identity trusts (workload identity)."""

from __future__ import annotations

from urllib.parse import parse_qs

from sandbox.clouds.azure.apis import tokens
from sandbox.clouds.azure.apis.directory import TOKEN_SECONDS, Directory, Principal
from sandbox.clouds.azure.apis.web import Answer, Request

_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class _Denied(Exception):
    def __init__(self, status: int, error: str, code: int, text: str) -> None:
        super().__init__(text)
        self.status, self.error, self.code = status, error, code


class SignIn:
    """The endpoints below `/<tenant>/`.

    Args:
        directory: Who there is.
        address: Where this is served, without a slash at the end.
    """

    def __init__(self, directory: Directory, address: str) -> None:
        self._directory, self._address = directory, address

    def __call__(self, request: Request) -> Answer | None:
        """Answer what belongs to sign-in; None for everything else."""
        tenant, _, rest = request.path.strip("/").partition("/")
        if rest in ("v2.0/.well-known/openid-configuration", ".well-known/openid-configuration"):
            return Answer.of(self._configuration(tenant))
        if rest == "discovery/v2.0/keys":
            return Answer.of({"keys": self._directory.keys()})
        if rest in ("oauth2/v2.0/token", "oauth2/token") and request.method == "POST":
            try:
                return Answer.of(self._token(tenant, parse_qs(request.body.decode())))
            except _Denied as no:
                return Answer.of({"error": no.error, "error_description": f"AADSTS{no.code}: {no}", "error_codes": [no.code]}, no.status)  # fmt: skip
        return None

    def _configuration(self, tenant: str) -> dict[str, object]:
        base = f"{self._address}/{tenant}"
        return {
            "issuer": f"{base}/v2.0", "token_endpoint": f"{base}/oauth2/v2.0/token", "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
            "jwks_uri": f"{base}/discovery/v2.0/keys", "response_types_supported": ["token"], "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }  # fmt: skip

    def _token(self, tenant: str, form: dict[str, list[str]]) -> dict[str, object]:
        def one(name: str) -> str:
            return form.get(name, [""])[0]

        if tenant.lower() != self._directory.tenant:
            raise _Denied(400, "invalid_request", 90002, f"Tenant '{tenant}' not found.")
        if one("grant_type") != "client_credentials":
            raise _Denied(
                400, "unsupported_grant_type", 70003, "Only applications and managed identities sign in here."
            )
        who = self._directory.application(one("client_id"))
        if who is None:
            raise _Denied(400, "unauthorized_client", 700016, f"Application with identifier '{one('client_id')}' was not found in the directory.")  # fmt: skip
        if one("client_assertion"):
            if one("client_assertion_type") != _ASSERTION:
                raise _Denied(400, "invalid_request", 900144, "The client_assertion_type is missing.")
            self._trusted(who, one("client_assertion"))
        elif not self._directory.knows_secret(who, one("client_secret")):
            raise _Denied(401, "invalid_client", 7000215, "Invalid client secret provided.")
        scopes = [s for s in one("scope").split() if s.endswith("/.default")]
        audience = one("resource") or (scopes[0].removesuffix("/.default") if scopes else "")
        if not audience:
            raise _Denied(400, "invalid_scope", 70011, "The provided value for the input parameter 'scope' is not valid.")  # fmt: skip
        token = self._directory.token(who, audience, f"{self._address}/{tenant}/")
        return {"token_type": "Bearer", "expires_in": TOKEN_SECONDS, "ext_expires_in": TOKEN_SECONDS, "access_token": token}  # fmt: skip

    def _trusted(self, who: Principal, assertion: str) -> None:
        """Refuse unless a federated credential of the identity fits the token: issuer, subject and audience, byte for byte."""
        try:
            said = tokens.unverified(assertion)
        except ValueError:
            raise _Denied(401, "invalid_client", 50027, "JWT token is invalid or malformed.") from None
        issuer, subject, audience = said.get("iss"), said.get("sub"), said.get("aud")
        audiences = [audience] if isinstance(audience, str) else list(audience or [])
        if not any(t["issuer"] == issuer for t in who.trusts):
            raise _Denied(401, "invalid_client", 700211, f"No matching federated identity record found for presented assertion issuer '{issuer}'.")  # fmt: skip
        fit = [t for t in who.trusts if t["issuer"] == issuer and t["subject"] == subject]
        if not fit:
            raise _Denied(401, "invalid_client", 700213, f"No matching federated identity record found for presented assertion subject '{subject}'.")  # fmt: skip
        if not any(set(audiences) & set(t["audiences"]) for t in fit):  # type: ignore[call-overload]
            raise _Denied(401, "invalid_client", 700212, f"No matching federated identity record found for presented assertion audience '{' '.join(map(str, audiences))}'.")  # fmt: skip
        key = self._directory.issuers.get(str(issuer))
        if key is None:
            raise _Denied(401, "invalid_client", 50166, "Request to External OIDC endpoint failed.")
        try:
            tokens.verified(assertion, key)
        except ValueError as problem:
            raise _Denied(401, "invalid_client", 700027, f"Client assertion failed signature validation: {problem}.") from None  # fmt: skip
