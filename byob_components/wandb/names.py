"""Names of buckets and paths, and what each surface of W&B calls a cloud."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from byob_components.errors import ByobError, Fault
from byob_components.wandb.deployment import Cloud

ROOT = "/"
"""The key of the bucket's root in every mapping from path to something."""
_PATH_LIMIT = 512
"""Bytes of a path: half of S3's 1,024 for a key, so that W&B's own keys fit behind it."""


class Surface(StrEnum):
    """Where W&B takes a provider's name; each spells it in its own way."""

    ADDRESS = "address"
    """Scheme of a storage address."""
    HELM = "helm"
    """`global.bucket.provider` of the chart."""
    OPERATOR = "operator"
    """`Provider` of the operator's connection secret."""
    SCIM = "scim"
    """`storageBucket.provider` of the SCIM API."""


_SPELLINGS: dict[Cloud, tuple[str, str, str, str]] = {
    # address, Helm chart, operator v2, SCIM (wandb-operator docs; chart _bucket.tpl; SCIM page)
    Cloud.AWS: ("s3", "s3", "s3", "AWS"),
    Cloud.GCP: ("gs", "gcs", "gcs", "GCP"),
    Cloud.AZURE: ("az", "az", "azure", "AZURE"),
    Cloud.S3_COMPATIBLE: ("s3", "s3", "s3", "MINIO"),
    Cloud.COREWEAVE: ("cw", "cw", "s3", "COREWEAVE"),
}


def provider_name(cloud: Cloud, surface: Surface) -> str:
    """What a surface calls a cloud.

    Args:
        cloud: The cloud.
        surface: Where the name is written.
    """
    return _SPELLINGS[cloud][list(Surface).index(surface)]


def parse_provider(text: str) -> Cloud:
    """The cloud that any surface's spelling means; `s3` is AWS.

    Args:
        text: The name, in any case.

    Raises:
        ByobError: No surface knows the name.
    """
    for cloud, spellings in _SPELLINGS.items():
        if text.lower() in {cloud.value, *(s.lower() for s in spellings)}:
            return cloud
    allowed = ", ".join(dict.fromkeys(s for spellings in _SPELLINGS.values() for s in spellings))
    what, fix = "is no provider's name on any page or API of W&B", "give one of these"
    raise ByobError([Fault("BYOB-WANDB-055", "provider", what, text, allowed, fix)])


def check_path(path: str, where: str) -> list[Fault]:
    """What is wrong with a sub-path of a bucket.

    Args:
        path: Without slashes at the ends.
        where: The argument's name.
    """
    allowed = "segments of letters, digits, '-', '_', '.', '=' or spaces inside, joined by '/'"
    if not path or path == ROOT:
        return [Fault("BYOB-WANDB-020", where, "is empty", path, allowed, "leave paths out for the bucket's root")]
    if path != path.strip("/"):
        return [Fault("BYOB-WANDB-021", where, "has a slash at an end", path, allowed, f"write {path.strip('/')!r}")]
    if any(segment in ("", ".", "..") for segment in path.split("/")):
        return [Fault("BYOB-WANDB-022", where, "has an empty segment, '.' or '..'", path, allowed, "name every folder")]
    if not re.fullmatch(r"[\w.= -]+(/[\w.= -]+)*", path, re.ASCII) or any(s != s.strip() for s in path.split("/")):
        return [
            Fault(
                "BYOB-WANDB-023",
                where,
                "has a character that addresses, policies or browsers read otherwise",
                path,
                allowed,
                "keep to the allowed characters",
            )
        ]
    if len(path.encode()) > _PATH_LIMIT:
        return [
            Fault(
                "BYOB-WANDB-024",
                where,
                f"is longer than {_PATH_LIMIT} bytes",
                path,
                f"up to {_PATH_LIMIT} bytes",
                "shorten it",
            )
        ]
    return []


def check_paths(paths: Sequence[str], where: str = "paths") -> list[Fault]:
    """What is wrong with the paths of a store: each by itself, and together.

    Args:
        paths: The paths; none means the bucket's root.
        where: The argument's name.
    """
    faults = [fault for i, path in enumerate(paths) for fault in check_path(path, f"{where}[{i}]")]
    for i, path in enumerate(paths):
        for other in paths[:i]:
            if path == other:
                faults.append(
                    Fault("BYOB-WANDB-025", f"{where}[{i}]", "stands twice", path, "each path once", "drop one")
                )
            elif path.startswith(other + "/") or other.startswith(path + "/"):
                faults.append(
                    Fault(
                        "BYOB-WANDB-026",
                        f"{where}[{i}]",
                        f"and {other!r} lie one inside the other",
                        path,
                        "paths beside each other",
                        "whoever has the outer path reads the inner one: choose another path",
                    )
                )
    return faults


_S3_NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]")
_NAMES: dict[Cloud, tuple[re.Pattern[str], str]] = {
    Cloud.AWS: (
        _S3_NAME,
        "3 to 63 lower-case letters, digits and '-', a letter or digit at both ends; no dots, which break TLS",
    ),
    Cloud.S3_COMPATIBLE: (_S3_NAME, "3 to 63 lower-case letters, digits and '-', a letter or digit at both ends"),
    Cloud.GCP: (
        re.compile(r"[a-z0-9][a-z0-9_-]{1,61}[a-z0-9]"),
        "3 to 63 lower-case letters, digits, '-' and '_', a letter or digit at both ends",
    ),
    Cloud.AZURE: (
        re.compile(r"(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]"),
        "3 to 63 lower-case letters, digits and single '-' (the container)",
    ),
    Cloud.COREWEAVE: (_S3_NAME, "3 to 63 lower-case letters, digits and '-', not starting with 'cw-' or 'vip-'"),
}
_RESERVED: dict[Cloud, tuple[tuple[str, ...], tuple[str, ...]]] = {
    Cloud.AWS: (("xn--", "sthree-", "amzn-s3-demo-"), ("-s3alias", "--ol-s3", "--x-s3", "--table-s3")),
    # W&B's page names the first two; CoreWeave's page "About buckets" the others.
    Cloud.COREWEAVE: (("cw-", "vip-", "log-stitcher-ch-", "xn--"), ()),
    Cloud.GCP: (("goog",), ()),
}
_GOOGLE = "google"
"""Nowhere in the name of a Google bucket (Cloud Storage, bucket naming)."""


def check_bucket_name(cloud: Cloud, name: str, where: str = "bucket_name") -> list[Fault]:
    """What is wrong with the name of a bucket or container.

    Args:
        cloud: Whose rules hold.
        name: The name.
        where: The argument's name.
    """
    form, allowed = _NAMES[cloud]
    if not form.fullmatch(name) or re.fullmatch(r"[\d.]+", name):
        return [
            Fault(
                "BYOB-WANDB-027",
                where,
                f"is not a bucket name on {cloud}",
                name,
                allowed,
                "choose a name that fits, or leave it out",
            )
        ]
    starts, ends = _RESERVED.get(cloud, ((), ()))
    within = (_GOOGLE,) if cloud is Cloud.GCP else ()
    if name.startswith(starts) or name.endswith(ends) or any(word in name for word in within):
        banned = (("not starting with", starts), ("not ending in", ends), ("without", within))
        return [
            Fault(
                "BYOB-WANDB-028",
                where,
                f"is reserved on {cloud}",
                name,
                ", ".join(f"{how} {', '.join(map(repr, words))}" for how, words in banned if words),
                "choose another name, or leave it out",
            )
        ]
    return []


def check_account_name(name: str, where: str = "account_name") -> list[Fault]:
    """What is wrong with the name of an Azure storage account.

    Args:
        name: The name.
        where: The argument's name.
    """
    if re.fullmatch(r"[a-z0-9]{3,24}", name):
        return []
    return [
        Fault(
            "BYOB-WANDB-029",
            where,
            "is not the name of a storage account",
            name,
            "3 to 24 lower-case letters and digits",
            "choose a name that fits, or leave it out",
        )
    ]


def check_endpoint(endpoint: str, where: str = "endpoint") -> list[Fault]:
    """What is wrong with the place of an S3-compatible store.

    Args:
        endpoint: `host[:port]`.
        where: The argument's name.
    """
    match = re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(?::([0-9]{1,5}))?", endpoint)
    if match and 0 < int(match[2] or 443) < 65536:
        return []
    return [
        Fault(
            "BYOB-WANDB-050",
            where,
            "is not a host with or without a port",
            endpoint,
            "host[:port]",
            "drop scheme, slashes and path; TLS is a setting of its own",
        )
    ]
