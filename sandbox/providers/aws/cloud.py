"""One configured `aws` provider: its settings, its identity and its clients."""

import os
import re
import threading
from typing import Any

from sandbox.loopback import know_localhost
from sandbox.providers.framework.contract import Shape, shape
from sandbox.providers.framework.resource import Props, Refused

SETTINGS: Shape = shape(
    "accessKey secretKey token region customCaBundle endpoints s3UsePathStyle maxRetries allowedAccountIds forbiddenAccountIds "
    "defaultTags{tags} assumeRoles{duration externalId policy policyArns roleArn sessionName sourceIdentity tags transitiveTagKeys} "
    "skipCredentialsValidation skipMetadataApiCheck skipRegionValidation skipRequestingAccountId"
)
"""The provider settings that are carried out; every other real one is refused in CheckConfig."""
_SECONDS = {"h": 3600, "m": 60, "s": 1}
_PARTITIONS = {
    "aws": r"(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+",
    "aws-cn": r"cn-\w+-\d+",
    "aws-eusc": r"eusc-(de)-\w+-\d+",
    "aws-iso": r"us-iso-\w+-\d+",
    "aws-iso-b": r"us-isob-\w+-\d+",
    "aws-iso-e": r"eu-isoe-\w+-\d+",
    "aws-iso-f": r"us-isof-\w+-\d+",
    "aws-us-gov": r"us-gov-\w+-\d+",
}
"""The regions of each partition (aws-sdk-go-base, endpoints). A region of another store belongs to none."""


def _seconds(text: str) -> int:
    """A Go duration such as `1h30m`."""
    if not re.fullmatch(r"(\d+[hms])+", text):
        raise Refused(f"assumeRoles: {text!r} is not a duration such as 1h30m")
    return sum(int(n) * _SECONDS[unit] for n, unit in re.findall(r"(\d+)([hms])", text))


class Aws:
    """Clients for one provider instance. boto3 is imported on first use: a plugin that only checks and compares never pays
    for it.

    Args:
        settings: The provider's settings, secrets opened.

    Raises:
        Refused: When they are not enough, or name an account that is not allowed.
    """

    def __init__(self, settings: Props) -> None:
        self.region: str = settings.get("region") or os.environ.get("AWS_REGION", "")
        if not self.region:
            raise Refused("missing required configuration key: set aws:region")
        if settings.get("skipRegionValidation") is False and not _partition(self.region):
            raise Refused(f"invalid AWS Region: {self.region}")
        self.settings = settings
        self.endpoints = {k: v for one in settings.get("endpoints") or [] for k, v in one.items()}
        self.signed_region = self.region
        if self.endpoints.get("s3") and not _partition(self.region):
            # Since 6.29 (#46000) such a region is kept for S3's signatures alone, and us-east-1 stands everywhere else.
            self.region = "us-east-1"
        self.default_tags: dict[str, str] = (settings.get("defaultTags") or {}).get("tags") or {}
        self._keys = {
            "aws_access_key_id": settings.get("accessKey") or os.environ.get("AWS_ACCESS_KEY_ID"),
            "aws_secret_access_key": settings.get("secretKey") or os.environ.get("AWS_SECRET_ACCESS_KEY"),
            "aws_session_token": settings.get("token") or os.environ.get("AWS_SESSION_TOKEN"),
        }
        if not self._keys["aws_access_key_id"] or not self._keys["aws_secret_access_key"]:
            raise Refused("no valid credential sources found: set aws:accessKey and aws:secretKey")
        self._clients: dict[tuple[str, str], Any] = {}
        self._lock = threading.RLock()
        self._identity: dict[str, str] | None = None
        for role in settings.get("assumeRoles") or []:
            self._assume(role)
        self._check_account()

    @property
    def implied(self) -> Props:
        """Inputs that every regional resource has, given or not."""
        return {"region": self.region}

    @property
    def partition(self) -> str:
        """The AWS partition of the provider's region; empty for a region that is not AWS's, as the real provider has it."""
        return _partition(self.region)

    @property
    def account_id(self) -> str:
        """The account, as far as the provider may know it: empty when the settings say not to ask. The real provider asks
        when it is configured, this one when the account is first needed."""
        if self.settings.get("skipCredentialsValidation") and self.settings.get("skipRequestingAccountId"):
            return ""
        try:
            return self.identity["Account"]
        except Exception as e:
            told = error_text(e) or (str(e) if isinstance(e, Refused) else "")
            if not told:
                raise
            what = "AWS account ID not previously found and failed retrieving via all available methods"
            raise Refused(f"{what} (skipRequestingAccountId is for servers without STS and IAM): {told}") from e

    @property
    def identity(self) -> dict[str, str]:
        """Who the provider acts as: Account, Arn and UserId, asked once."""
        with self._lock:
            if self._identity is None:
                found = self.client("sts").get_caller_identity()
                self._identity = {k: found[k] for k in ("Account", "Arn", "UserId")}
            return self._identity

    def client(self, service: str, region: str | None = None) -> Any:
        """A client, made once.

        Args:
            service: boto3's name of the service.
            region: Default the provider's.

        Raises:
            Refused: When the settings have no endpoint for it.
        """
        wanted = region or self.region
        key = service, self.signed_region if service == "s3" and wanted == self.region else wanted
        with self._lock:
            if key not in self._clients:
                import boto3
                from botocore.config import Config

                know_localhost()
                if not self.endpoints.get(service):
                    raise Refused(f"there is no endpoint for {service}, and this stand-in never calls the real cloud")
                self._clients[key] = boto3.Session(**self._keys, region_name=key[1]).client(
                    service,
                    endpoint_url=self.endpoints[service],
                    verify=self.settings.get("customCaBundle") or None,
                    config=Config(
                        s3={"addressing_style": "path" if self.settings.get("s3UsePathStyle") else "virtual"},
                        retries={"max_attempts": self.settings.get("maxRetries") or 3, "mode": "standard"},
                    ),
                )
            return self._clients[key]

    def _assume(self, role: Props) -> None:
        """Become a role; each one is assumed with the keys of the one before."""
        names = {"externalId": "ExternalId", "policy": "Policy", "sourceIdentity": "SourceIdentity", "transitiveTagKeys": "TransitiveTagKeys"}  # fmt: skip
        asked: Props = {theirs: role[ours] for ours, theirs in names.items() if role.get(ours)}
        if role.get("policyArns"):
            asked["PolicyArns"] = [{"arn": arn} for arn in role["policyArns"]]
        if role.get("tags"):
            asked["Tags"] = [{"Key": k, "Value": v} for k, v in role["tags"].items()]
        if role.get("duration"):
            asked["DurationSeconds"] = _seconds(role["duration"])
        made = self.client("sts").assume_role(
            RoleArn=role["roleArn"], RoleSessionName=role.get("sessionName") or "pulumi", **asked
        )["Credentials"]
        self._clients.clear()
        self._keys = {
            "aws_access_key_id": made["AccessKeyId"],
            "aws_secret_access_key": made["SecretAccessKey"],
            "aws_session_token": made["SessionToken"],
        }

    def _check_account(self) -> None:
        allowed, forbidden = self.settings.get("allowedAccountIds"), self.settings.get("forbiddenAccountIds")
        if allowed or forbidden:
            account = self.account_id
            if account in (forbidden or []) or (allowed and account not in allowed):
                raise Refused(f"AWS account ID not allowed: {account}")
        elif not self.settings.get("skipCredentialsValidation"):
            _ = self.identity

    # -- the client's errors
    def error_code(self, problem: Exception) -> str:
        """The cloud's own code of an error it answered; empty when the problem is not the cloud's answer."""
        answer = getattr(problem, "response", None)
        return str(answer.get("Error", {}).get("Code", "")) if isinstance(answer, dict) else ""

    def error_text(self, problem: Exception) -> str:
        """One line for the user; empty when it is not a client's problem."""
        return error_text(problem)


def _partition(region: str) -> str:
    return next((name for name, form in _PARTITIONS.items() if re.fullmatch(form, region)), "")


def split_id(id: str) -> tuple[str, Props]:
    """An id as an import may be given it: `my-bucket@eu-west-1` names a region that is not the provider's.

    Args:
        id: As it was given.
    """
    found = re.fullmatch(r"(.+)@([a-z]{2}(?:-[a-z]+)+-\d)", id)
    return (found[1], {"region": found[2]}) if found else (id, {})


def error_text(problem: Exception) -> str:
    """What a client raised, in one line and in the real provider's form; empty when it is not a client's problem.

    Args:
        problem: What was raised.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    if isinstance(problem, ClientError):
        status = problem.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        error = problem.response.get("Error", {})  # some servers answer with a status alone
        return (
            f"operation error {problem.operation_name}, https response error StatusCode: {status}, "
            f"api error {error.get('Code')}: {error.get('Message')}"
        )
    return " ".join(str(problem).split()) if isinstance(problem, BotoCoreError) else ""


def configure(settings: Props) -> Aws:
    """A provider from its settings.

    Args:
        settings: As Configure brings them.

    Raises:
        Refused: When they are not enough, or the cloud does not accept them.
    """
    try:
        return Aws(settings)
    except Exception as e:
        if told := error_text(e):
            raise Refused(told) from e
        raise
