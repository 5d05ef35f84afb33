"""A cloud of one type, kept in memory, whose every call can be made to fail."""

from __future__ import annotations

from typing import Any

from sandbox.providers.framework.contract import Contract, shape
from sandbox.providers.framework.resource import AutoName, Created, Live, PartlyCreated, Props, Refused, Resource
from sandbox.providers.framework.service import Plugin

THING = "toy:index/thing:Thing"
_TEXTS = {"name": "string", "note": "string", "region": "string", "tags": {"map": "string"}, "policy": "string"}
CONTRACT = Contract(
    "pulumi_toy",
    "1.2.3",
    frozenset({THING, "toy:index/other:Other"}),
    {THING: {"inputs": _TEXTS, "required": ["note"], "outputs": {**_TEXTS, "arn": "string", "token": "string", "tagsAll": {"map": "string"}}}},
    {"object": {"region": "string", "fast": "boolean", "endpoints": {"list": {"map": "string"}}}, "required": []},
)  # fmt: skip


class CloudError(Exception):
    """What a client raises."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Cloud:
    def __init__(self, settings: Props) -> None:
        if settings.get("region") == "nowhere":
            raise Refused("there is no such region")
        self.settings, self.things = settings, {}  # type: ignore[var-annotated]
        self.fail: dict[str, Exception] = {}

    @property
    def implied(self) -> Props:
        return {"region": self.settings.get("region", "home")}

    def call(self, what: str) -> None:
        if what in self.fail:
            raise self.fail[what]

    def error_code(self, problem: Exception) -> str:
        return getattr(problem, "code", "")

    def error_text(self, problem: Exception) -> str:
        return f"api error {problem.code}" if isinstance(problem, CloudError) else ""


class Thing(Resource):
    token = THING
    title = "Toy Thing"
    carried_out = shape("name note region tags")
    computed = frozenset({"arn", "tagsAll", "token"})
    changing = frozenset({"tagsAll"})
    secret_outputs = frozenset({"token"})
    replace_on = frozenset({"name", "region"})
    absent = frozenset({"NoSuchThing"})
    auto_name = AutoName("name", 20)

    def create(self, cloud: Any, new: Props) -> Created:
        cloud.call("create")
        cloud.things[new["name"]] = {k: v for k, v in new.items() if k != "__defaults"}
        made = Created(new["name"], {"token": "t0ken"})
        try:
            cloud.call("finish")
        except CloudError as e:
            raise PartlyCreated(made, e) from e
        return made

    def read(self, cloud: Any, id: str, inputs: Props, state: Props) -> Live | None:
        cloud.call("read")
        if id not in cloud.things:
            raise CloudError("NoSuchThing")
        there = cloud.things[id]
        told = {"name": id, "note": there["note"], "tags": there.get("tags"), "region": there.get("region", "home")}
        return Live(told, {"arn": f"arn:{id}", "tagsAll": there.get("tags") or {}})

    def update(self, cloud: Any, id: str, old: Props, new: Props) -> None:
        cloud.call("update")
        cloud.things[id] = {k: v for k, v in new.items() if k != "__defaults"}

    def delete(self, cloud: Any, id: str, state: Props) -> None:
        cloud.call("delete")
        if cloud.things.pop(id, None) is None:
            raise CloudError("NoSuchThing")


def _echo(cloud: Any, args: Props) -> Props:
    cloud.call("invoke")
    return {"said": args.get("word"), "twice": f"{args.get('word')}{args.get('word')}"}


MADE: list[Cloud] = []
"""Every cloud that was configured; the last one is the current one."""


def _configure(settings: Props) -> Cloud:
    MADE.append(Cloud(settings))
    return MADE[-1]


PLUGIN = Plugin("toy", "pulumi_toy", (Thing(),), {"toy:index/echo:echo": _echo}, shape("region fast endpoints"), _configure, frozenset({"region"}))  # fmt: skip
