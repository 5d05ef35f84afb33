"""What is verified on S3: the store as it was declared, and identities with keys."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from byob_components.errors import ByobError, Fault
from byob_components.verify.cast import Cast
from byob_components.verify.declaration import check_choice, check_endpoints, check_given, check_shared, fault
from byob_components.wandb.access import Access
from byob_components.wandb.deployment import Cloud

KMS, PROVIDER = "aws:kms", "AES256"
"""The two algorithms that W&B can work with, as S3 writes them."""
_ALGORITHMS = ("", PROVIDER, KMS)
_CLOUDS = (Cloud.AWS, Cloud.S3_COMPATIBLE, Cloud.COREWEAVE)
_KEY = re.compile(r"(arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/)?[A-Za-z0-9-]+")


class Lack(StrEnum):
    """What a server that speaks S3 may be declared not to have. Its check then says so and decides nothing: such a server
    may well answer the call, in words that mean something else."""

    PUBLIC_ACCESS_BLOCK = "public_access_block"
    """Settings that keep the public out whatever a policy says."""
    CORS = "cors"
    """CORS rules of a bucket; the server's own settings decide, which the pages' checks see."""
    VERSIONING = "versioning"
    """Versions of objects: what is overwritten or deleted is gone."""


@dataclass(frozen=True)
class Identity:
    """Somebody with a key pair.

    Args:
        name: What the report calls them, for example their ARN.
        access_key: The access key id.
        secret_key: The secret.
        session_token: The token of temporary keys; empty for those of a user.
    """

    name: str
    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    session_token: str = field(default="", repr=False)

    @property
    def login(self) -> str:
        """What tells it from others: the access key id."""
        return self.access_key

    @classmethod
    def from_session(cls, name: str, session: Any) -> Identity:
        """The identity of a boto3 session: a profile, an assumed role, the environment.

        Args:
            name: What the report calls it.
            session: A `boto3.Session`.

        Raises:
            ByobError: The session finds no credentials.
        """
        found = session.get_credentials()
        if found is None:
            raise ByobError(
                [
                    Fault(
                        "BYOB-VERIFY-010",
                        "session",
                        "holds no credentials",
                        name,
                        "a session that can sign",
                        "log in, or name another profile",
                    )
                ],
                "verification",
            )
        frozen = found.get_frozen_credentials()
        return cls(name, frozen.access_key, frozen.secret_key, frozen.token or "")


@dataclass(frozen=True)
class S3Store:
    """A store on S3 or on a server that speaks its protocol, as it was declared: what the verification expects to find.

    Args:
        bucket: The bucket's name.
        region: Where it was put, for example `eu-west-1`.
        path: The sub-path that W&B uses, without slashes at the ends; empty or `/` for the bucket's root.
        cloud: Who stores the bytes: AWS, an S3-compatible server, or CoreWeave.
        endpoint: The server's address, for example `https://minio.example.com`; empty for AWS's own of the region.
        plain_endpoint: The same server over plain HTTP, where it is not at the same host's port 80.
        kms_endpoint: Where the keys are; empty for the same place as `endpoint`.
        ca_bundle: A file with the authorities to trust; empty for those this machine trusts.
        path_style: Whether the bucket stands in the path of the address and not in its host.
        encryption: `aws:kms` or `AES256`; empty when nothing was declared.
        kms_key_id: The key's ARN or id, with `aws:kms`.
        access: Which set of rights W&B has; under `minimal` it must be kept to the path.
        cors_origins: Whose pages may call; `*` for everybody's.
        noncurrent_days: Days after which old versions expire; 0 when nothing was declared.
        account_id: The 12 digits of the bucket's account, to look up the account's own public access block.
        tls_only: Whether plain HTTP must be refused.
        lacks: What the server was declared not to have; nothing on AWS.

    Raises:
        ByobError: With everything that is wrong.
    """

    bucket: str
    region: str
    path: str = ""
    cloud: Cloud = Cloud.AWS
    endpoint: str = ""
    plain_endpoint: str = ""
    kms_endpoint: str = ""
    ca_bundle: str = ""
    path_style: bool = False
    encryption: str = ""
    kms_key_id: str = ""
    access: Access = Access.DOCUMENTED
    cors_origins: Sequence[str] = ("*",)
    noncurrent_days: int = 0
    account_id: str = ""
    tls_only: bool = True
    lacks: Sequence[Lack] = ()

    def __post_init__(self) -> None:
        faults = [
            *check_choice("cloud", self.cloud, _CLOUDS),
            *check_choice("access", self.access, tuple(Access)),
            *check_choice("encryption", self.encryption, _ALGORITHMS),
            *check_given({"bucket": self.bucket, "region": self.region}),
            *check_endpoints({name: getattr(self, name) for name in ("endpoint", "plain_endpoint", "kms_endpoint")}),
        ]
        if (self.encryption == KMS) != bool(self.kms_key_id):
            allowed = f"with '{KMS}' the key's ARN or id, otherwise nothing"
            faults.append(fault("kms_key_id", "does not go with the encryption", self.kms_key_id, allowed))
        elif self.kms_key_id and not _KEY.fullmatch(self.kms_key_id):
            faults.append(
                fault("kms_key_id", "is not a key's ARN or id", self.kms_key_id, "no alias", "give the key's ARN")
            )
        for lack in self.lacks:
            faults += check_choice("lacks", lack, tuple(Lack))
        if self.lacks and self.cloud == Cloud.AWS:
            faults.append(fault("lacks", "is for servers other than AWS", None, "nothing on AWS"))
        faults += check_shared(self.path, self.cors_origins, self.ca_bundle, {"noncurrent_days": self.noncurrent_days})
        if faults:
            raise ByobError(faults, "S3Store")
        object.__setattr__(self, "path", self.path.strip("/"))
        object.__setattr__(self, "cloud", Cloud(self.cloud))
        object.__setattr__(self, "access", Access(self.access))
        object.__setattr__(self, "cors_origins", tuple(self.cors_origins))
        object.__setattr__(self, "lacks", tuple(Lack(lack) for lack in self.lacks))

    @property
    def restricted(self) -> bool:
        """Whether only some pages may call."""
        return "*" not in self.cors_origins

    @property
    def path_in_url(self) -> bool:
        """Whether the bucket stands in the address's path: a dot in its name breaks the certificate's wildcard."""
        return self.path_style or "." in self.bucket

    def subject(self) -> dict[str, Any]:
        """What a report says about it; nothing of it is secret."""
        return {
            "bucket": self.bucket,
            "region": self.region,
            "path": self.path or "/",
            "cloud": str(self.cloud),
            "endpoint": self.endpoint,
            "encryption": self.encryption,
            "key": self.kms_key_id,
            "access": str(self.access),
            "origins": list(self.cors_origins),
            "lacks": [str(lack) for lack in self.lacks],
        }


S3Cast = Cast[Identity]
