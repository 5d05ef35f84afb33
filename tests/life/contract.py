"""The life of a store on the real engine, as one class of tests that each cloud runs.

A cloud subclasses `LifeOfAStore` in its own `test_<cloud>.py` and names its `LocalCloud`; everything else is the same
everywhere.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import pytest

from tests.engine.readings import changed
from tests.engine.workbench import UNKNOWN, Workbench
from tests.life.cloud import LocalCloud, Made, Ops, Suspension
from tests.life.state import lost, of_team

Bench = Callable[..., Workbench]
PROTECTED = ("cannot be deleted", "because it is protected")
PAGE = ["https://wandb.example.com"]


class LifeOfAStore:
    """The contract; not collected by itself."""

    pytestmark: ClassVar[list[pytest.MarkDecorator]] = [pytest.mark.engine, pytest.mark.server]
    local: ClassVar[type[LocalCloud]]
    """The cloud."""

    @pytest.fixture
    def cloud(self, grounds: Callable[[type[LocalCloud]], Any]) -> LocalCloud:
        """The running cloud, one for all tests of a worker."""
        found: LocalCloud = grounds(self.local).cloud
        return found

    @pytest.fixture
    def bench(self, grounds: Callable[[type[LocalCloud]], Any], tmp_path: Any) -> Bench:
        """Makes stacks: `bench({team: settings})`, each with a state of its own."""
        made: Bench = grounds(self.local).benches(tmp_path)
        return made

    @staticmethod
    def take(stack: Workbench) -> dict[str, Made]:
        """Every team of a stack, as the last `up` left it."""
        ids = {name: resource.get("id", "") for name, resource in stack.state().items()}
        return {team: Made(outputs, ids) for team, outputs in stack.outputs()["teams"].items()}

    # ------------------------------------------------------------------------------------------ making and changing
    def test_preview_up_no_change_and_changes_in_place(self, bench: Bench, cloud: LocalCloud) -> None:
        before = cloud.inventory()
        team = {**cloud.team, **cloud.whole}
        stack = bench({"vision": team})

        # The preview plans everything, knows what it cannot know, and makes nothing.
        preview = stack.preview().ok()
        assert preview.ops() == dict.fromkeys(cloud.whole_store, "create")
        planned = preview.step("Stack byob-test").outputs["teams"]["vision"]
        assert {name for name, value in planned.items() if value == UNKNOWN} == cloud.unknown
        for name, inputs in cloud.planned.items():
            shown = preview.step(name).inputs
            assert {key: shown.get(key) for key in inputs} == dict(inputs)
        assert cloud.inventory() == before

        # `up` makes it; the outputs are what W&B takes.
        up = stack.up().ok()
        assert up.ops() == dict.fromkeys(cloud.whole_store, "create")
        assert up.messages("warning") == []
        made = self.take(stack)["vision"]
        assert {name: made.outputs[name] for name in cloud.first} == dict(cloud.first)
        assert made.outputs["storageAddresses"] == {"/": cloud.address(made, "/")}
        assert made.outputs["handoffs"].keys() == {"/"}
        reading = cloud.read(made)
        assert {topic: reading[topic] for topic in cloud.settled} == dict(cloud.settled)
        cloud.put(made, "run/data")
        assert cloud.wandb_reads(made, "run/data")
        reading = cloud.read(made)

        # A second process finds nothing to do.
        assert stack.up("--expect-no-changes").ok().ops() == {}
        assert stack.preview("--refresh", "--expect-no-changes").ok().ops() == {}
        assert changed(reading, cloud.read(made)) == {}

        # Changes touch what they concern, in place, and nothing else.
        for change in cloud.changes:
            team |= change.settings
            stack.set(teams={"vision": team})
            assert stack.up().ok().ops() == change.ops, change
            made = self.take(stack)["vision"]
            after = cloud.read(made)
            assert {topic: after.get(topic) for topic in changed(reading, after)} == dict(change.reads)
            assert made.outputs["storageAddresses"] == {path: cloud.address(made, path) for path in change.paths}
            reading = after

    def test_drift_behind_pulumis_back_is_shown_and_mended(self, bench: Bench, cloud: LocalCloud) -> None:
        stack = bench({"drift": {**cloud.team, **cloud.whole}})
        stack.up().ok()
        made = self.take(stack)["drift"]
        cloud.foreign(made)
        before = cloud.read(made)
        cloud.drift(made)
        assert changed(before, cloud.read(made)) != {}

        assert stack.refresh().ok().ops() == cloud.drifted[0]
        assert stack.up().ok().ops() == cloud.drifted[1]
        # What is ours is as before, and what others added is still there.
        assert changed(before, cloud.read(made)) == {}
        assert stack.preview("--refresh", "--expect-no-changes").ok().ops() == {}

    # ------------------------------------------------------------------------------------------ leaving
    def test_a_removed_team_is_refused_before_anything_is_touched(self, bench: Bench, cloud: LocalCloud) -> None:
        ways = cloud.ways("removal")
        teams: dict[str, dict[str, Any]] = {"keep": dict(cloud.team), **ways}
        stack = bench(teams)
        stack.up().ok()
        stores = self.take(stack)
        for made in stores.values():
            cloud.put(made, "run/history.jsonl", b"step 1")
        read = {name: cloud.read(made) for name, made in stores.items()}
        assert [len(reading["objects"]) for reading in read.values()] == [1] * len(teams)
        written = {name: of_team(stack, name) for name in teams}

        for gone in ways:
            rest = {name: team for name, team in teams.items() if name != gone}
            first = "corsOrigins" not in teams["keep"]
            rest["keep"] = {**rest["keep"], "corsOrigins": PAGE}
            stack.set(teams=rest)
            # With a preview nothing is begun, of no team.
            run = stack.up(preview=True).refused(*PROTECTED, f"::{gone}")
            assert run.code == 1
            assert changed(read, {name: cloud.read(made) for name, made in stores.items()}) == {}
            # Without one the rest of that `up` is carried out, the deletes are begun, and the first that reaches the
            # cloud is refused.
            run = stack.up().refused(*PROTECTED, f"::{gone}")
            if first:
                assert run.ops(without=("same", "delete")) == cloud.cors_ops("keep")
                assert changed(read["keep"], cloud.read(stores["keep"])).keys() == {"cors"}
                read["keep"], teams["keep"] = cloud.read(stores["keep"]), rest["keep"]
            assert changed(read, {name: cloud.read(made) for name, made in stores.items()}) == {}
            # The state has lost no more than what would have gone with something protected.
            assert {name.split()[0] for name in lost(written[gone], of_team(stack, gone))} <= cloud.forgets

        # The same lines bring the teams back: what was forgotten is taken up again, and nothing changes in the cloud.
        stack.set(teams=teams)
        back = stack.up().ok().ops()
        assert set(back.values()) <= {"create"}
        assert {name.split()[0] for name in back} <= cloud.forgets
        assert stack.up("--expect-no-changes").ok().ops() == {}
        assert changed(read, {name: cloud.read(made) for name, made in stores.items()}) == {}
        assert self.take(stack)["keep"].outputs == stores["keep"].outputs

    def test_a_destroy_and_a_replacement_are_refused(self, bench: Bench, cloud: LocalCloud) -> None:
        teams = {"fixed": {**cloud.team, **cloud.whole}}
        stack = bench(teams)
        stack.up().ok()
        made = self.take(stack)["fixed"]
        before, inventory = cloud.read(made), cloud.inventory()
        for settings, resource in cloud.replacing:
            stack.set(teams={"fixed": {**teams["fixed"], **settings}})
            stack.preview().refused("unable to replace resource", f"{resource}::fixed", "marked for protection")
        stack.up().refused("unable to replace resource", f"{resource}::fixed", "marked for protection")
        stack.set(teams=teams)
        for preview in (True, False):
            stack.destroy(preview=preview).refused(*PROTECTED)
        assert (changed(before, cloud.read(made)), cloud.inventory()) == ({}, inventory)
        back = stack.up().ok().ops()
        assert (set(back.values()) <= {"create"}, {name.split()[0] for name in back} <= cloud.forgets) == (True, True)
        assert changed(before, cloud.read(made)) == {}

    def test_a_suspended_team_loses_the_grant_and_nothing_else(self, bench: Bench, cloud: LocalCloud) -> None:
        ways = cloud.ways("suspended")
        own = {"keep": dict(cloud.team), **{name: ways[name] for name in cloud.suspended}}
        stack = bench(own)
        stack.up().ok()
        stores = self.take(stack)
        for made in stores.values():
            cloud.put(made, "run/data")
            assert cloud.wandb_reads(made, "run/data")
        before = {name: cloud.read(made) for name, made in stores.items()}

        suspended = {name: {**own[name], "state": "suspended"} for name in cloud.suspended}
        stack.set(teams={**own, **suspended})
        assert stack.up().ok().ops() == _all(cloud.suspended, lambda one: one.ops)
        told = stack.outputs()["teams"]
        for name, made in stores.items():
            assert cloud.wandb_reads(made, "run/data") is (name not in suspended)
            touches = cloud.suspended[name].touches if name in suspended else set()
            assert changed(before[name], cloud.read(made)).keys() == touches
            assert told[name]["storageAddresses"] == made.outputs["storageAddresses"]
        for name in suspended:
            assert told[name]["principals"] == []
            assert "suspended" in json.dumps(told[name]["handoffs"]["/"]["warnings"])

        # Removing a suspended team is refused as well: its data stays protected.
        gone, *others = suspended
        stack.set(teams={name: team for name, team in {**own, **suspended}.items() if name != gone})
        run = stack.preview().refused(*PROTECTED, f"::{gone}")
        assert any("suspended" in warning for warning in run.messages("warning")) is bool(others)

        stack.set(teams=own)
        assert stack.up().ok().ops() == _all(cloud.suspended, lambda one: one.back)
        assert self.take(stack)["keep"].outputs == stores["keep"].outputs
        for name, made in stores.items():
            assert changed(before[name], cloud.read(made)) == {}
            assert stack.outputs()["teams"][name] == made.outputs  # the same address, the same keys
            assert cloud.wandb_reads(made, "run/data")

    def test_a_team_is_released_in_two_steps(self, bench: Bench, cloud: LocalCloud) -> None:
        keep, leaving = dict(cloud.team), {**cloud.team, **cloud.leaving}
        stack = bench({"keep": keep, "vision": leaving})
        stack.up().ok()
        made = self.take(stack)["vision"]
        cloud.put(made, "run/data")
        before, inventory = cloud.read(made), cloud.inventory()

        # Step 1 detaches: no resource changes, in the cloud everything stays, other lines have no effect any more.
        stack.set(teams={"keep": keep, "vision": {**leaving, "state": "released", "corsOrigins": PAGE}})
        assert stack.up().ok().ops() == {}
        state = stack.state()
        mine = {n: r for n, r in state.items() if n.split()[1].startswith("vision") and r["custom"]}
        assert mine.keys() == cloud.leaving_store
        assert {n for n, r in mine.items() if r.get("protect")} == set()
        assert {n for n, r in mine.items() if not r.get("retainOnDelete")} == set()
        assert {n for n, r in state.items() if n.endswith(" keep") and r.get("protect")} != set()
        assert (changed(before, cloud.read(made)), cloud.inventory()) == ({}, inventory)

        # Step 2 forgets.
        stack.set(teams={"keep": keep})
        forgotten = stack.up(preview=True).ok()
        assert set(forgotten.ops().values()) == {"delete"}
        assert forgotten.ops().keys() >= cloud.leaving_store
        assert not [n for n in forgotten.ops() if not n.split()[1].startswith("vision")]
        assert (changed(before, cloud.read(made)), cloud.inventory()) == ({}, inventory)
        assert not [n for n in stack.state() if "vision" in n]
        self.after_a_release(stack, cloud, made)

    def after_a_release(self, stack: Workbench, cloud: Any, made: Made) -> None:
        """What a cloud has to show of a stack that has let `vision` go, beside what every cloud has."""

    def test_one_path_of_a_shared_store_is_suspended_or_refused(self, bench: Bench, cloud: LocalCloud) -> None:
        stores = {"ml": {**cloud.team, **cloud.shared}}
        teams = {name: {"store": "ml", "path": name} for name in ("vision", "audio")}
        half = {**teams, "vision": {**teams["vision"], "state": "suspended"}}
        if isinstance(cloud.apart, str):
            stack = bench(half, stores=stores)
            run = stack.up().refused(cloud.apart, "state")
            assert run.ops() == {}
            return
        stack = bench(teams, stores=stores)
        stack.up().ok()
        made = self.take(stack)
        for path, one in made.items():
            assert one.outputs["storageAddresses"] == {path: cloud.address(one, path)}
            cloud.put(one, f"{path}/data")
            assert cloud.wandb_reads(one, f"{path}/data")
        before = cloud.read(made["vision"])

        stack.set(teams=half)
        assert stack.up().ok().ops() == cloud.apart.ops
        reads = {path: cloud.wandb_reads(one, f"{path}/data") for path, one in made.items()}
        assert reads == {"vision": False, "audio": True}
        assert changed(before, cloud.read(made["vision"])).keys() == cloud.apart.touches

        stack.set(teams=teams)
        assert stack.up().ok().ops() == cloud.apart.back
        assert changed(before, cloud.read(made["vision"])) == {}

    # ------------------------------------------------------------------------------------------ taking over
    @staticmethod
    def entries(stack: Workbench, id_of: Callable[[str, str], str | None]) -> dict[str, Any]:
        """The import file: the engine's own list, with ids filled in, without what does not exist.

        Args:
            stack: Its program is the one that wants the resources.
            id_of: Kind and name to the id; None for what is not there.
        """
        file = stack.folder / "wanted.json"
        stack.preview("--import-file", str(file)).ok()
        wanted: dict[str, Any] = json.loads(file.read_text())
        kept = []
        for entry in wanted["resources"]:
            if entry.get("component") or entry["type"].startswith("pulumi:"):
                kept.append(entry)
            elif found := id_of(entry["type"].rsplit(":", 1)[-1], entry.get("logicalName", entry["name"])):
                assert entry["id"] == "<PLACEHOLDER>"
                kept.append({**entry, "id": found})
        return {**wanted, "resources": kept}

    def test_a_bucket_made_by_hand_is_taken_over_in_place(self, bench: Bench, cloud: LocalCloud) -> None:
        hand = cloud.by_hand("adopted-store")
        made = hand.made
        cloud.put(made, "run/data")
        before = cloud.read(made)
        team = {**cloud.team, **hand.settings}

        # Without its name the bucket would be made anew, which the protection of what was imported refuses.
        nameless = bench({"vision": {k: v for k, v in team.items() if k not in cloud.naming}})
        nameless.import_file(self.entries(nameless, lambda kind, _: hand.ids.get(kind))).ok()
        nameless.up(preview=True).refused("unable to replace resource", "::vision", "marked for protection")
        assert changed(before, cloud.read(made)) == {}

        stack = bench({"vision": team})
        imported = stack.import_file(self.entries(stack, lambda kind, _: hand.ids.get(kind))).ok()
        assert {n.split()[0] for n, op in imported.ops().items() if op == "import"} >= hand.ids.keys()
        assert changed(before, cloud.read(made)) == {}

        # What differs is changed in place and what is missing is made; nothing is made anew.
        assert stack.up().ok().ops() == hand.ops
        assert stack.preview("--refresh", "--expect-no-changes").ok().ops() == {}
        after = cloud.read(self.take(stack)["vision"])
        assert changed(before, after).keys() == hand.touches
        assert after["objects"] == before["objects"]
        for topic, theirs in hand.kept.items():
            assert theirs.items() <= after[topic].items()
        stack.set(teams={})
        stack.preview().refused("because it is protected")

    def test_what_is_exactly_as_wanted_is_imported_without_a_change(self, bench: Bench, cloud: LocalCloud) -> None:
        team = {**cloud.team, **cloud.adopting("adopted-whole")}
        maker = bench({"vision": team})
        maker.up().ok()
        made = self.take(maker)["vision"]
        before = cloud.read(made)
        resources = maker.state()

        heir = bench({"vision": team})  # the same project and stack name, with an empty state
        wanted = self.entries(heir, lambda kind, name: cloud.import_id(kind, resources[f"{kind} {name}"]))
        heir.import_file(wanted).ok()
        assert heir.up().ok().ops() == cloud.adopted_ops
        assert heir.preview("--refresh", "--expect-no-changes").ok().ops() == {}
        assert changed(before, cloud.read(made)) == {}
        assert heir.outputs()["teams"]["vision"] == made.outputs
        assert heir.state().keys() == resources.keys()

    # ------------------------------------------------------------------------------------------ the end
    def test_a_destroy_leaves_the_listed_remainders_and_a_second_up_works(
        self, bench: Bench, cloud: LocalCloud
    ) -> None:
        before_all = cloud.inventory()
        stack = bench({"vision": {**cloud.team, **cloud.whole, "protection": "unprotected"}})
        up = stack.up().ok()
        made = self.take(stack)["vision"]
        cloud.put(made, "run/data")
        before = cloud.read(made)

        # With data in it the store is refused with every control in place; what the state forgot, `up` puts again.
        if cloud.not_empty:
            refused = stack.destroy(preview=True).refused(cloud.not_empty)
            assert {name.split()[0] for name in refused.failed} <= cloud.refusing
            assert changed(before, cloud.read(made)) == {}
            assert stack.up().ok().ops() == cloud.put_again
            assert changed(before, cloud.read(made)) == {}
            assert self.take(stack)["vision"] == made
            cloud.empty(made)

        # It goes, but for what its adapter lists.
        destroyed = stack.destroy().ok()
        assert destroyed.ops() == dict.fromkeys(up.ops(), "delete")
        assert stack.state() == {}
        left = {name: state for name, state in cloud.inventory().items() if before_all.get(name) != state}
        assert left == {name: one.state for name, one in cloud.remainders(made).items()}

        # A second `up` makes everything anew.
        assert stack.up().ok().ops() == up.ops()
        anew = self.take(stack)["vision"]
        assert cloud.address(anew, "/") != cloud.address(made, "/")
        reading = cloud.read(anew)
        assert {topic: reading[topic] for topic in cloud.settled} == dict(cloud.settled)
        assert stack.up("--expect-no-changes").ok().ops() == {}

    def test_force_destroy_deletes_the_objects_too(self, bench: Bench, cloud: LocalCloud) -> None:
        # Where nothing is to be forced the cloud deletes what is full, and protection is all there is.
        before = cloud.inventory()
        stack = bench({"scratch": {**cloud.team, "protection": "unprotected", **cloud.forced}})
        stack.up().ok()
        made = self.take(stack)["scratch"]
        for body in (b"one", b"two"):
            cloud.put(made, "run/data", body)
        assert len(cloud.read(made)["objects"]) == 2
        stack.destroy().ok()
        assert cloud.inventory() == before

    # ------------------------------------------------------------------------------------------ mistakes
    def test_one_bad_team_stops_all_before_the_first_is_registered(self, bench: Bench, cloud: LocalCloud) -> None:
        before = cloud.inventory()
        settings, codes = cloud.bad
        stack = bench({"good": dict(cloud.team), "bad": {**cloud.team, **settings, "colour": "chartreuse"}})
        run = stack.up().refused("byob:teams.bad.colour", *(f"byob:teams.bad.{key}" for key in settings), *codes)
        assert run.code == 1
        assert {e["resourcePreEvent"]["metadata"]["type"] for e in run.events if "resourcePreEvent" in e} <= {
            "pulumi:pulumi:Stack"
        }
        assert "chartreuse" not in run.said
        assert cloud.inventory() == before


def _all(suspensions: Mapping[str, Suspension], which: Callable[[Suspension], Ops]) -> Ops:
    return {name: op for one in suspensions.values() for name, op in which(one).items()}
