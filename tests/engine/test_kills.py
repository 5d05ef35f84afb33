"""`kill -9` of the engine after every provider call of a plan and at random moments: the stack converges, no byte is lost.

The plan makes a store, changes another that holds 1,000 objects with versions, and removes a third. After each kill a
person does what docs/recovery.md says.
"""

from __future__ import annotations

import json
import random
import time
from pathlib import Path
from typing import Any

import pytest

from sandbox.clouds.aws.accounts import NODE_ROLE, OTHER_ROLE
from tests.engine import recovery
from tests.engine.conftest import Bench, benches
from tests.engine.readings import LocalAws
from tests.engine.workbench import Workbench, short

pytestmark = pytest.mark.engine

TEAM = {"deployment": "dedicated", "level": "team"}
KILL = "BYOB_SANDBOX_KILL_AFTER"
CREATES = {
    "Key", "Alias", "Bucket", "BucketPublicAccessBlock", "BucketOwnershipControls", "BucketVersioning",
    "BucketServerSideEncryptionConfiguration", "BucketPolicy", "BucketCorsConfiguration", "BucketLifecycleConfiguration",
}  # fmt: skip
UPDATES = {"Key", "BucketPolicy", "BucketCorsConfiguration", "BucketLifecycleConfiguration"}
DELETES = {"Bucket", "Alias", "Key"}
"""Of an unprotected, empty store: its settings go with the bucket."""
CALLS = len(CREATES) + len(UPDATES) + len(DELETES)
OBJECTS = 1000
RANDOM_MOMENTS = 20


class Story:
    """A stack whose every round is the same plan: one team comes, one changes, one goes.

    Args:
        stack: The stack; its state is written after each step, as users' state is.
        aws: The local AWS.
    """

    def __init__(self, stack: Workbench, aws: LocalAws) -> None:
        self.stack, self.aws, self.round = stack, aws, 0
        self.gone: set[str] = set()
        self.tag = f"byob/{stack.name}/"
        self.stack.up().ok()
        self.data = self.stack.outputs()["teams"]["vision"]["bucketName"]
        recovery.plant(aws, self.data, OBJECTS)
        self.listed, self.hashes = recovery.listing(aws, self.data), recovery.hashes(aws, self.data)
        assert len(self.listed) == 2 * OBJECTS
        self.begin()
        self.stack.up().ok()
        self.pattern = self._settings(f"team-{self.round}")

    def begin(self) -> None:
        """Write the configuration of the next round."""
        self.round += 1
        odd = self.round % 2
        vision = {
            "principals": [NODE_ROLE if odd else OTHER_ROLE],
            "corsOrigins": [f"https://wandb-{self.round}.example.com"],
            "noncurrentDays": 30 + odd,
        }
        self.stack.set(teams={"vision": vision, f"team-{self.round}": {"protection": "unprotected"}})

    def _settings(self, team: str) -> dict[str, Any]:
        """What is in the cloud for a team, without what names it."""
        store = self.stack.outputs()["teams"][team]
        bucket, key = store["bucketName"], store["kmsKeyId"]
        text = repr(self.aws.bucket(bucket)).replace(bucket, "BUCKET").replace(key, "KEY").replace(team, "TEAM")
        found = self.aws.key(key)
        return {
            "bucket": text,
            "key": found["key"]["KeyState"],
            "rotation": found["rotation"],
            "policy": found["policy"],
        }

    def recover(self) -> list[str]:
        """Do what the page says; tell what had been made without reaching the state."""
        recovery.unlock(self.stack)
        state = self.stack.export()
        open_, lost = recovery.pending(state), self._lost(state)
        # Whatever the cloud has and the state has not is a pending operation: a bucket by its name, a key by its tag.
        for bucket in lost["Bucket"]:
            assert [
                name for name, inputs in open_.items() if inputs.get("bucket") == bucket and name.startswith("Bucket ")
            ]
        for tag in lost["Key"].values():
            team = tag.removeprefix(self.tag)
            assert f"Key {team}" in open_, (tag, open_)
            assert open_[f"Key {team}"]["tags"] == {recovery.TAG: tag}
        self.stack.up().ok()
        for bucket in lost["Bucket"]:
            assert self.aws.bucket(bucket)["objects"] == []
            self.aws.client("s3").delete_bucket(Bucket=bucket)
        for key in lost["Key"]:
            self.aws.client("kms").schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
        # This is a refresh, too: it must find nothing that the program does not say, which the preview then shows.
        assert recovery.forget_pending(self.stack).ok().ops() == {}
        self.converged()
        return [*lost["Bucket"], *lost["Key"]]

    def _lost(self, state: dict[str, Any]) -> dict[str, dict[str, str]]:
        known = {r.get("id") for r in state.get("resources", [])}
        buckets, keys = recovery.tagged(self.aws, self.tag, self.gone)
        return {
            "Bucket": {name: tag for name, tag in buckets.items() if name not in known},
            "Key": {arn: tag for arn, tag in keys.items() if arn not in known and arn.rsplit("/", 1)[1] not in known},
        }

    def converged(self) -> None:
        """State, program and cloud agree; nothing is pending or left over; the data is untouched."""
        assert self.stack.preview("--expect-no-changes").ok().ops() == {}
        state = self.stack.export()
        assert recovery.pending(state) == {}
        assert self._lost(state) == {"Bucket": {}, "Key": {}}
        team = f"team-{self.round}"
        assert self._settings(team) == self.pattern
        buckets, _ = recovery.tagged(self.aws, self.tag, self.gone)
        assert sorted(buckets.values()) == sorted([f"{self.tag}vision", f"{self.tag}{team}"])
        assert recovery.listing(self.aws, self.data) == self.listed

    def ended(self) -> None:
        """Every byte is read once more."""
        assert recovery.hashes(self.aws, self.data) == self.hashes


@pytest.fixture(scope="session")
def story(
    provider_settings: tuple[str, dict[str, Any]], aws: LocalAws, tmp_path_factory: pytest.TempPathFactory
) -> Story:
    """One story a worker: its rounds go on from test to test, over the same data."""
    make = benches(provider_settings, tmp_path_factory.mktemp("kills"))
    return Story(make(byob={**TEAM, "teams": {"vision": {}}}, name="kills", throw_away=False), aws)


def killed(story: Story, n: int, log: Path) -> list[dict[str, str]]:
    """One round whose engine dies after its n-th provider call; gives the calls that were made."""
    story.begin()
    log.unlink(missing_ok=True)
    story.stack.env |= {KILL: str(n), "BYOB_SANDBOX_CALL_LOG": str(log)}
    run = story.stack.up()
    for name in (KILL, "BYOB_SANDBOX_CALL_LOG"):
        del story.stack.env[name]
    assert run.code == -9, run.said
    time.sleep(0.5)  # what the plugin was doing in parallel ends by itself
    return provider_calls(log)


def provider_calls(log: Path) -> list[dict[str, str]]:
    """What changed the cloud, from the plugin's log."""
    calls = [json.loads(line) for line in log.read_text().splitlines()]
    return [call for call in calls if call["method"] in ("Create", "Update", "Delete") and not call["preview"]]


@pytest.mark.parametrize("first", [1, 2])
def test_killed_after_every_provider_call(story: Story, first: int, tmp_path: Path) -> None:
    """Half of the numbers each, so that two workers share them."""
    lost: list[str] = []
    for n in range(first, CALLS + 1, 2):
        calls = killed(story, n, tmp_path / "calls")
        assert len(calls) >= n
        lost += story.recover()
    story.ended()
    if first == 1:
        assert lost, "no kill ever cut a create off from the state: this test proves nothing"


def test_the_plan_has_that_many_calls(story: Story, tmp_path: Path) -> None:
    log = tmp_path / "calls"
    story.begin()
    story.stack.env |= {"BYOB_SANDBOX_CALL_LOG": str(log)}
    story.stack.up().ok()
    made = [(c["method"], short(c["urn"]).split()[0]) for c in provider_calls(log)]
    assert {kind for method, kind in made if method == "Create"} == CREATES
    assert {kind for method, kind in made if method == "Update"} == UPDATES
    assert {kind for method, kind in made if method == "Delete"} == DELETES
    assert len(made) == CALLS
    story.converged()


@pytest.mark.parametrize("half", [1, 2])
def test_killed_at_random_moments(story: Story, half: int) -> None:
    story.begin()
    began = time.monotonic()
    story.stack.up().ok()
    whole = time.monotonic() - began
    dice = random.Random(f"kills-{half}")  # noqa: S311 - a test's dice
    for _ in range(RANDOM_MOMENTS // 2):
        moment = dice.uniform(0, whole)
        story.begin()
        with story.stack.begin(*story.stack.arguments("up", "--skip-preview")) as process:
            time.sleep(moment)
            process.kill()
            process.communicate()
        time.sleep(1.2)  # a plugin ends within a second of its engine
        story.recover()
    story.ended()


ONE = """
import pulumi
from byob_components.aws import AwsByob
store = AwsByob("named", {"deployment": "dedicated", "level": "team", "bucket_name": "%s", "kms_alias_name": "alias/%s",
                          "protection": "unprotected"})
pulumi.export("bucket", store.bucket_name)
pulumi.export("key", store.kms_key_id)
"""


@pytest.mark.parametrize(("n", "kind"), [(1, "Key"), (3, "Bucket")])
def test_what_was_made_can_be_adopted_instead(bench: Bench, aws: LocalAws, n: int, kind: str) -> None:
    """A bucket with a name of its own cannot be made twice: the one that was cut off is taken into the state."""
    name = f"adopted-{n}"
    stack = bench(ONE % (name, name), name=name, throw_away=False, env={KILL: str(n)})
    assert stack.up().code == -9
    del stack.env[KILL]
    time.sleep(0.5)
    recovery.unlock(stack)
    (cut,) = (
        o["resource"] for o in stack.export()["pending_operations"] if short(o["resource"]["urn"]) == f"{kind} named"
    )
    buckets, keys = recovery.tagged(aws, f"demo/{name}/")
    found = {"Bucket": list(buckets), "Key": [arn.rsplit("/", 1)[1] for arn in keys]}[kind]
    assert len(found) == 1
    recovery.forget_pending(stack).ok()
    recovery.adopt(stack, cut, found[0]).ok()
    stack.up().ok()
    made = stack.outputs()
    buckets, keys = recovery.tagged(aws, f"demo/{name}/")
    assert ([made["bucket"]], [made["key"]]) == (list(buckets), list(keys))
    assert found[0] in (made["bucket"], made["key"].rsplit("/", 1)[1])
    assert stack.preview("--refresh", "--expect-no-changes").ok().ops() == {}
