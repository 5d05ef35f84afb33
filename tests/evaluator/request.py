"""Who asks for what: requests as an evaluator takes them, and the evaluator itself, which is not ours."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
DOCUMENTS = HERE.parent / "aws" / "documents"
OWNER = "111122223333"
BUCKET = "arn:aws:s3:::acme-vision"
KEY = f"arn:aws:kms:eu-west-1:{OWNER}:key/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
EVERYTHING = {
    "Version": "2012-10-17",
    "Statement": [{"Sid": "All", "Effect": "Allow", "Action": "*", "Resource": "*"}],
}

# name -> (ARN, what its own account lets it do: everything, nothing, or a document of the golden ones)
CAST: dict[str, tuple[str, str]] = {
    "W&B": ("arn:aws:iam::830241207209:role/acme-node", "everything"),
    "W&B, second": ("arn:aws:iam::444455556666:role/wandb-eu", "everything"),
    "W&B, another instance": ("arn:aws:iam::830241207209:role/other-node", "everything"),
    "W&B, root": ("arn:aws:iam::830241207209:root", "everything"),
    "stranger": ("arn:aws:iam::999988887777:role/admin", "everything"),
    "owner's root": (f"arn:aws:iam::{OWNER}:root", "everything"),
    "owner's admin": (f"arn:aws:iam::{OWNER}:role/admin", "everything"),
    "owner's developer": (f"arn:aws:iam::{OWNER}:role/developer", "nothing"),
    "key admin": (f"arn:aws:iam::{OWNER}:role/security", "nothing"),
    "key user": (f"arn:aws:iam::{OWNER}:user/etl", "nothing"),
    "break glass": (f"arn:aws:iam::{OWNER}:role/break-glass", "everything"),
    "credential": (f"arn:aws:iam::{OWNER}:user/wandb-byob/vision-a1b2c3d", "identity-documented"),
    "minimal credential": (f"arn:aws:iam::{OWNER}:user/wandb-byob/vision-a1b2c3d", "identity-minimal"),
    "W&B in GovCloud": ("arn:aws-us-gov:iam::444455556666:role/wandb", "everything"),
}
TLS_13: dict[str, Any] = {"s3:tlsversion": "1.3"}
BY_S3: dict[str, Any] = {"kms:viaservice": "s3.eu-west-1.amazonaws.com"}


@dataclass(frozen=True)
class Request:
    """One request.

    Args:
        policy: The bucket or key policy, by the name of its golden document.
        who: One of the cast.
        action: The IAM action.
        resource: The ARN asked for; a path below the bucket, or nothing for the bucket or key itself.
        secure: Whether it came over TLS.
        context: Condition keys, in lower case.
    """

    policy: str
    who: str
    action: str
    resource: str = ""
    secure: bool = True
    context: dict[str, Any] = field(default_factory=dict)
    document: dict[str, Any] | None = None
    """Another policy in the place of the golden one."""

    def as_asked(self) -> dict[str, Any]:
        """The request in the evaluator's terms."""
        arn, rights = CAST[self.who]
        whole = {"everything": [EVERYTHING], "nothing": []}.get(rights)
        key = self.action.startswith("kms:")
        bucket = BUCKET.replace("aws", "aws-us-gov", 1) if "gov" in self.policy else BUCKET
        return {
            "policy": self.document or golden(self.policy),
            "who": arn,
            "identity": [golden(rights)] if whole is None else whole,
            "action": self.action,
            "resource": KEY if key else bucket + (f"/{self.resource}" if self.resource else ""),
            "region": "eu-west-1",
            "secure": self.secure,
            "context": {**({} if key else TLS_13), **self.context},
            "owner": OWNER,
        }

    def without(self, sid: str) -> Request:
        """The same request against a policy that lacks a statement."""
        document = golden(self.policy)
        left = [s for s in document["Statement"] if s["Sid"] != sid]
        assert len(left) < len(document["Statement"]), f"{self.policy} has no {sid}"
        return replace(self, document={**document, "Statement": left})


def golden(name: str) -> dict[str, Any]:
    """A document that is written down beside the tests of the AWS components."""
    found: dict[str, Any] = json.loads((DOCUMENTS / f"{name}.json").read_text(encoding="utf-8"))
    return found


def judge(python: Path, requests: Sequence[Request]) -> list[str]:
    """The verdicts of the evaluator.

    Args:
        python: The interpreter of ministack's environment.
        requests: What is asked.
    """
    asked = json.dumps([request.as_asked() for request in requests])
    done = subprocess.run(
        [str(python), str(HERE / "judge.py")], input=asked, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    verdicts: list[str] = json.loads(done.stdout)
    return verdicts
