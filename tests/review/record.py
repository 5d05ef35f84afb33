"""Records the previews that the tests of the review read: `python -m tests.review.record`.

Each is what the real engine prints for `pulumi preview --json`, on the local clouds, less what says when and from which
line a resource came. Run it anew when the engine's format changes, and look at what becomes different in the comments.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sandbox.clouds.aws.accounts import provider_config as aws_config
from sandbox.clouds.aws.accounts import seed
from sandbox.clouds.aws.ministack import Ministack
from sandbox.clouds.gcp.accounts import environment
from sandbox.clouds.gcp.accounts import provider_config as gcp_config
from sandbox.clouds.gcp.server import GoogleCloud
from sandbox.engine.install import install_plugins
from tests.engine.workbench import Workbench
from tests.review.programs import AWS_FIRST, AWS_LATER, GCP_FIRST, GCP_LATER

HERE = Path(__file__).resolve().parent / "previews"
DROPPED = (
    "stackTrace",
    "sourcePosition",
    "created",
    "modified",
    "id",
    "outputs",
    "propertyDependencies",
    "dependencies",
)
TEAM = {"deployment": "dedicated", "level": "team"}
UNPROTECTED = {"protection": "unprotected"}
OURS: dict[str, tuple[Mapping[str, Any] | None, Mapping[str, Any]]] = {
    # name of the recording: the teams that are there, and those that shall be
    "first_team": (None, {"vision": {}}),
    "no_change": ({"vision": {}}, {"vision": {}}),
    "another_team": ({"vision": {}}, {"vision": {}, "robotics": {"encryption": "provider_managed"}}),
    "minimal_access": ({"vision": {}}, {"vision": {"access": "minimal", "paths": ["vision"]}}),
    "own_origin": ({"vision": {}}, {"vision": {"corsOrigins": ["https://acme.wandb.io"], "tags": {"owner": "ml"}}}),
    "old_versions_sooner": ({"vision": {"noncurrentDays": 60}}, {"vision": {"noncurrentDays": 14}}),
    "unprotected": ({"vision": {}}, {"vision": {**UNPROTECTED, "forceDestroy": True}}),
    "team_removed": ({"vision": UNPROTECTED}, {}),
    "protected_team_removed": ({"vision": {}}, {}),
    "bucket_renamed": ({"vision": UNPROTECTED}, {"vision": {**UNPROTECTED, "bucketName": "acme-other-name"}}),
    "suspended": ({"vision": {}}, {"vision": {"state": "suspended"}}),
    "released": ({"vision": {}}, {"vision": {"state": "released"}}),
    "released_team_removed": ({"vision": {"state": "released"}}, {}),
    "key_rotated": (
        {"vision": {"credentialKeys": ["2026-05"], "encryption": "provider_managed"}},
        {"vision": {"credentialKeys": ["2026-05", "2026-11"], "encryption": "provider_managed"}},
    ),
}
ON_GOOGLE: dict[str, tuple[Mapping[str, Any] | None, Mapping[str, Any]]] = {
    "gcp_first_team": (None, {"vision": {"cloud": "gcp", "location": "EU"}}),
    "gcp_soft_delete_shorter": (
        {"vision": {"cloud": "gcp", "location": "EU", "softDeleteDays": 30}},
        {"vision": {"cloud": "gcp", "location": "EU", "softDeleteDays": 7}},
    ),
    "gcp_principal_changed": (
        {"vision": {"cloud": "gcp", "location": "EU"}},
        {"vision": {"cloud": "gcp", "location": "EU", "access": "minimal", "principals": ["node@wandb-production.iam.gserviceaccount.com"]}},
    ),
}  # fmt: skip


def record(name: str, bench: Workbench) -> None:
    """Write one recording.

    Args:
        name: Its name.
        bench: A stack whose program or configuration has changed since its last `up`.
    """
    shown = bench.run(*bench.arguments("preview", "--json")).stdout
    kept = json.loads(shown)
    for step in kept["steps"]:
        for side in ("oldState", "newState"):
            if side in step:
                step[side] = {k: v for k, v in step[side].items() if k not in DROPPED}
        step.pop("provider", None)
    for one in ("config", "duration"):
        kept.pop(one, None)
    (HERE / f"{name}.json").write_text(json.dumps(kept, indent=1) + "\n")
    print(name, file=sys.stderr)


def record_teams(
    cases: Mapping[str, tuple[Mapping[str, Any] | None, Mapping[str, Any]]],
    make: Callable[[str, str | None], Workbench],
) -> None:
    """Recordings of the repository's own programs.

    Args:
        cases: Name to the teams before and after.
        make: Makes a stack with a cloud's settings.
    """
    for name, (before, after) in cases.items():
        bench = make(name, None)
        if before is not None:
            bench.set(**TEAM, teams=dict(before))
            bench.up().ok()
        bench.set(**TEAM, teams=dict(after))
        record(name, bench)


def record_programs(first: str, later: Mapping[str, str], make: Callable[[str, str | None], Workbench]) -> None:
    """Recordings of somebody else's program and its next version.

    Args:
        first: What is there.
        later: Name to what it becomes.
        make: Makes a stack with a cloud's settings.
    """
    bench = make("other", first)
    bench.up().ok()
    for name, text in later.items():
        bench.write(text)
        record(name, bench)


def maker(folder: Path, settings: Mapping[str, Any], secret: tuple[str, str], env: Mapping[str, str]) -> Callable[[str, str | None], Workbench]:  # fmt: skip
    """Makes stacks with the settings of one cloud.

    Args:
        folder: Where they go.
        settings: Of the provider, without its secret.
        secret: That one's key and value.
        env: More environment.
    """

    def make(name: str, program: str | None) -> Workbench:
        bench = Workbench(folder / name, settings, program=program, env=env)
        bench.set_secret(*secret)
        return bench

    return make


def main() -> None:
    """Record everything anew."""
    install_plugins()
    HERE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        with Ministack.start(folder / "ministack") as server:
            settings = aws_config(server, seed(server).deployer)
            secret = ("aws:secretKey", settings.pop("secretKey"))
            make = maker(folder / "aws", {f"aws:{k}": v for k, v in settings.items()}, secret, {})
            record_teams(OURS, make)
            record_programs(AWS_FIRST, AWS_LATER, make)
        with GoogleCloud.start(folder / "gcs") as google:
            settings = gcp_config(google, google.accounts.deployer)
            secret = ("gcp:credentials", settings.pop("credentials"))
            make = maker(folder / "gcp", {f"gcp:{k}": v for k, v in settings.items()}, secret, environment(google))
            record_teams(ON_GOOGLE, make)
            record_programs(GCP_FIRST, GCP_LATER, make)


if __name__ == "__main__":
    main()
