"""What is verified on Google Cloud: the store as it was declared, and identities with credentials."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from byob_components.errors import ByobError, Fault
from byob_components.verify.cast import Cast
from byob_components.verify.declaration import check_choice, check_endpoints, check_given, check_shared, fault
from byob_components.wandb.access import Access
from byob_components.wandb.address import parse

STORAGE, KMS, CREDENTIALS = (f"https://{name}.googleapis.com" for name in ("storage", "cloudkms", "iamcredentials"))
"""Google's own endpoints."""
_KEY = re.compile(r"projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+")
_EMAIL = re.compile(r"[^@\s:]+@[^@\s:]+")


@dataclass(frozen=True)
class GcsIdentity:
    """Somebody with a service account's key file, or with credentials of the google-auth library.

    Args:
        name: What the report calls them, for example their e-mail address.
        email: The service account's or user's e-mail address.
        key_file: The content of the account's JSON key file, which signs URLs; none for credentials.
        credentials: Credentials of google-auth with the scope `cloud-platform`: a user's, a workload's, impersonated ones.
            A service account without a key file signs its URLs by IAM (`signBlob`).

    Raises:
        ByobError: There are neither or both, or the file is of another kind.
    """

    name: str
    email: str
    key_file: Mapping[str, str] = field(default_factory=dict, repr=False)
    credentials: Any = field(default=None, repr=False)

    def __post_init__(self) -> None:
        complete = {"private_key", "client_email", "token_uri"} <= set(self.key_file)
        if not _EMAIL.fullmatch(self.email):
            wrong, fix = "names nobody", "give the e-mail address of the account or user"
        elif bool(self.key_file) == (self.credentials is not None):
            wrong, fix = "holds no credentials, or two of them", "give either key_file or credentials"
        elif self.key_file and not complete:
            wrong, fix = "holds no service account's key", "give the JSON key file of a service account, whole"
        else:
            return
        found = Fault("BYOB-VERIFY-010", "identity", wrong, self.name, "an e-mail address and one way to sign in", fix)
        raise ByobError([found], "verification")

    @property
    def login(self) -> str:
        """What tells it from others: the e-mail address."""
        return self.email

    def secrets(self) -> Iterator[str]:
        """What must never be told of it: the private key, as it is and as it stands in a file, and a token that is known."""
        private = self.key_file.get("private_key", "")
        yield from (private, json.dumps(private)[1:-1], str(getattr(self.credentials, "token", "") or ""))

    @cached_property
    def signing_key(self) -> Any:
        """The private key, ready to sign; loading one takes longer than most requests.

        Raises:
            MalformedError: It is none.
        """
        from google.auth.crypt import RSASigner
        from google.auth.exceptions import MalformedError

        try:
            return RSASigner.from_service_account_info(dict(self.key_file))  # type: ignore[no-untyped-call, unused-ignore]
        except ValueError:
            raise MalformedError(f"the key file of {self.name} holds no private key") from None  # type: ignore[no-untyped-call, unused-ignore]

    @classmethod
    def from_key_file(cls, name: str, file: str | Path) -> GcsIdentity:
        """The identity of a service account's JSON key file.

        Args:
            name: What the report calls it.
            file: The file.

        Raises:
            ByobError: It is not such a file.
        """
        try:
            found = json.loads(Path(file).read_text())
        except (OSError, ValueError) as problem:
            wrong = f"cannot be read: {type(problem).__name__}"
            unread = Fault("BYOB-VERIFY-010", "key_file", wrong, str(file), "a JSON key file", "give another file")
            raise ByobError([unread], "verification") from None
        return cls(name, str(found.get("client_email", "")), found)

    @classmethod
    def from_credentials(cls, name: str, credentials: Any, email: str = "") -> GcsIdentity:
        """The identity of google-auth credentials: `google.auth.default()[0]`, impersonated ones, a workload's.

        Args:
            name: What the report calls it.
            credentials: The credentials.
            email: Whose they are; default what they say themselves, which a user's do not always.

        Raises:
            ByobError: Nobody says whose they are.
        """
        said = (
            getattr(credentials, attribute, "") for attribute in ("service_account_email", "signer_email", "account")
        )
        return cls(name, email or next((str(one) for one in said if one and "@" in str(one)), ""), {}, credentials)


@dataclass(frozen=True)
class GcsStore:
    """A store on Google Cloud Storage, as it was declared: what the verification expects to find.

    Args:
        bucket: The bucket's name.
        location: Where it was put, for example `europe-west1` or `EU`.
        path: The sub-path that W&B uses, without slashes at the ends; empty or `/` for the bucket's root.
        endpoint: Cloud Storage's address; empty for Google's own.
        plain_endpoint: The same server over plain HTTP, where it is not at the same host's port 80.
        kms_endpoint: Cloud KMS' address; empty for Google's own.
        credentials_endpoint: The address of the IAM Service Account Credentials API; empty for Google's own.
        ca_bundle: A file with the authorities to trust; empty for those this machine trusts.
        kms_key_id: The resource name of the key that encrypts it; empty where Google manages the key.
        principals: Who holds W&B's grant, as e-mail addresses of service accounts; empty when nobody was declared.
        access: Which set of rights they hold; either is for the whole bucket.
        signer: Whether W&B's account was given the right to sign URLs as itself (`signBlob`); a server of yours needs it.
        cors_origins: Whose pages may call; `*` for everybody's.
        noncurrent_days: Days after which old versions expire; 0 when nothing was declared.
        soft_delete_days: Days for which what was deleted for good can be restored; 0 when nothing was declared.
        tls_only: Whether plain HTTP must be refused. A bucket has no setting for it; the organization policy
            `storage.secureHttpTransport` does it. Default false.

    Raises:
        ByobError: With everything that is wrong.
    """

    bucket: str
    location: str
    path: str = ""
    endpoint: str = ""
    plain_endpoint: str = ""
    kms_endpoint: str = ""
    credentials_endpoint: str = ""
    ca_bundle: str = ""
    kms_key_id: str = ""
    principals: Sequence[str] = ()
    access: Access = Access.DOCUMENTED
    signer: bool = False
    cors_origins: Sequence[str] = ("*",)
    noncurrent_days: int = 0
    soft_delete_days: int = 0
    tls_only: bool = False

    def __post_init__(self) -> None:
        endpoints = ("endpoint", "plain_endpoint", "kms_endpoint", "credentials_endpoint")
        days = {"noncurrent_days": self.noncurrent_days, "soft_delete_days": self.soft_delete_days}
        faults = [
            *check_choice("access", self.access, tuple(Access)),
            *check_given({"bucket": self.bucket, "location": self.location}),
            *check_endpoints({name: getattr(self, name) for name in endpoints}),
        ]
        if self.kms_key_id and not _KEY.fullmatch(self.kms_key_id):
            allowed = "projects/…/locations/…/keyRings/…/cryptoKeys/…"
            faults.append(fault("kms_key_id", "is not a key's resource name", self.kms_key_id, allowed))
        faults += [
            fault("principals", "holds what is not an e-mail address", who, "addresses of service accounts")
            for who in self.principals
            if not _EMAIL.fullmatch(who)
        ]
        faults += check_shared(self.path, self.cors_origins, self.ca_bundle, days)
        if faults:
            raise ByobError(faults, "GcsStore")
        object.__setattr__(self, "path", self.path.strip("/"))
        object.__setattr__(self, "access", Access(self.access))
        object.__setattr__(self, "principals", tuple(self.principals))
        object.__setattr__(self, "cors_origins", tuple(self.cors_origins))

    @classmethod
    def from_outputs(cls, outputs: Mapping[str, Any], path: str | None = None, **declared: Any) -> GcsStore:
        """The store of a stack's outputs, with what outputs do not say: what was asked of CORS, access and days.

        Args:
            outputs: Those of one store: `bucketName`, `region`, `paths`, `kmsKeyId`, `principals`, `storageAddresses`, as
                `pulumi stack output --json --show-secrets` gives them.
            path: Which of its paths; default the first.
            declared: Further fields.
        """
        chosen = outputs["paths"][0] if path is None else path
        accounts = [parse(address).access_key for address in outputs.get("storageAddresses", {}).values()]
        return cls(
            bucket=outputs["bucketName"],
            location=outputs["region"],
            path=chosen,
            kms_key_id=outputs["kmsKeyId"],
            principals=tuple(dict.fromkeys([*outputs["principals"], *filter(None, accounts)])),
            **declared,
        )

    @property
    def restricted(self) -> bool:
        """Whether only some pages may call."""
        return "*" not in self.cors_origins

    def subject(self) -> dict[str, Any]:
        """What a report says about it; nothing of it is secret."""
        return {
            "bucket": self.bucket,
            "location": self.location,
            "path": self.path or "/",
            "cloud": "gcp",
            "endpoint": self.endpoint,
            "key": self.kms_key_id,
            "access": str(self.access),
            "principals": list(self.principals),
            "origins": list(self.cors_origins),
        }


GcsCast = Cast[GcsIdentity]
