"""What all of azure-native's resources share: an id that is a path, a PUT that makes and changes, and a body made from the inputs."""

import re
from collections.abc import Callable, Mapping
from typing import Any, ClassVar
from urllib.parse import quote

from sandbox.providers.azure_native.cloud import Azure
from sandbox.providers.framework.resource import Created, Live, Props, Refused, Resource
from sandbox.providers.framework.wire import UNKNOWN

_TOP = ("location", "tags", "sku", "kind", "identity", "managedBy")
ALWAYS = frozenset({"name", "type", "azureApiVersion"})


class ArmResource(Resource):
    """A resource type of Resource Manager.

    Its inputs are the parameters of the path, a few members of the body's top level, and else members of the body's `properties`.
    """

    path: ClassVar[str]
    """The id, with parameters in braces; `{subscriptionId}` is the provider's."""
    version: ClassVar[str]
    """The API version that the SDK's release speaks."""
    renamed: ClassVar[Mapping[str, str]] = {}
    """Properties that the API calls otherwise: the SDK's name -> the API's."""
    bag: ClassVar[bool] = False
    """Whether the program gives `properties` as a whole."""
    singleton: ClassVar[bool] = False
    """Whether it is there with its parent: it is taken as it is, and cannot be deleted."""
    read_only: ClassVar[frozenset[str]] = frozenset()
    """Further outputs, which stand in the body's `properties`."""
    absent = frozenset({"404"})

    @property
    def parameters(self) -> list[str]:
        """The path's parameters that are inputs."""
        return [name for name in re.findall(r"{(\w+)}", self.path) if name != "subscriptionId"]

    # -- ids
    def id(self, cloud: Azure, new: Props) -> str:
        """The id of what the inputs describe."""

        def value(found: re.Match[str]) -> str:
            if found[1] == "subscriptionId":
                return cloud.subscription
            given = str(new[found[1]])
            return given.strip("/") if found[1] in ("scope", "resourceUri") else given

        return re.sub(r"{(\w+)}", value, self.path)

    def parsed(self, id: str) -> Props:
        """The path's parameters of an id.

        Raises:
            Refused: It is no id of this type.
        """
        pattern = re.sub(r"\\?{(\w+)\\?}", lambda m: f"(?P<{m[1]}>{'.+' if m[1] in ('scope', 'resourceUri') else '[^/]+'})", re.escape(self.path).replace(r"\{", "{").replace(r"\}", "}"))  # fmt: skip
        found = re.fullmatch(pattern, id, re.IGNORECASE)
        if found is None:
            raise Refused(f"the id {id!r} is not of the form {self.path}")
        return {name: value for name, value in found.groupdict().items() if name != "subscriptionId"}

    # -- bodies
    def body(self, cloud: Azure, new: Props) -> Props:
        """What a PUT sends."""
        found: Props = {}
        own: Props = {}
        for name, value in new.items():
            if name == "__defaults" or name in self.parameters or value is None:
                continue
            if name in _TOP and not (name in ("sku", "identity") and self.bag and name not in self.carried_out):
                found[name] = value
            elif name == "properties" and self.bag:
                own = dict(value)
            else:
                own[self.renamed.get(name, name)] = value
        return {**found, "properties": own} if own or not self.bag else found

    def said(self, found: Props) -> Props:
        """The inputs that an answer shows, without the path's."""
        back = {api: name for name, api in self.renamed.items()}
        inside = found.get("properties") or {}
        if self.bag:
            shown: Props = {"properties": {k: v for k, v in inside.items() if k in self.carried_out["properties"]}}
        else:
            shown = {back.get(k, k): v for k, v in inside.items() if back.get(k, k) in self.carried_out}
        shown |= {name: found.get(name) for name in _TOP if name in self.carried_out}
        return {name: shown.get(name) for name in self.carried_out if name not in self.parameters}

    def told(self, found: Props) -> Props:
        """The outputs that are no inputs."""
        inside = found.get("properties") or {}
        outputs = {name: inside[name] for name in self.read_only if inside.get(name) is not None}
        return {**outputs, "name": found.get("name"), "type": found.get("type"), "azureApiVersion": self.version}

    # -- its life
    def create(self, cloud: Azure, new: Props) -> Created:
        id = self.id(cloud, new)
        if not self.singleton:
            try:
                cloud.call("GET", quote(id), self.version)
            except Exception as problem:
                if cloud.error_code(problem) not in self.absent:
                    raise
            else:
                raise Refused(f"cannot create already existing resource '{id}'")
        if "location" in self.carried_out and not new.get("location"):
            new = {**new, "location": self._location(cloud, new)}
        cloud.call("PUT", quote(id), self.version, self.body(cloud, new))
        return Created(id)

    def _location(self, cloud: Azure, new: Props) -> str:
        group = new.get("resourceGroupName")
        if "resourceGroupName" in self.parameters[:-1] and group:
            found = cloud.call(
                "GET", f"/subscriptions/{cloud.subscription}/resourceGroups/{quote(group)}", "2024-03-01"
            )
            return str(found["location"])
        if not cloud.settings.get("location"):
            raise Refused("missing required property 'location': give it, or set azure-native:location")
        return str(cloud.settings["location"])

    def read(self, cloud: Azure, id: str, inputs: Props, state: Props) -> Live | None:
        path = {name: inputs.get(name, value) for name, value in self.parsed(id).items()}
        found = cloud.call("GET", quote(id), self.version)
        return Live({**path, **self.said(found)}, self.told(found))

    def update(self, cloud: Azure, id: str, old: Props, new: Props) -> None:
        cloud.call("PUT", quote(id), self.version, self.body(cloud, new))

    def delete(self, cloud: Azure, id: str, state: Props) -> None:
        if not self.singleton:
            cloud.call("DELETE", quote(id), self.version)

    def planned(self, cloud: Azure, new: Props) -> Props:
        """The API version is known before anything is asked."""
        return {"azureApiVersion": self.version}


def filled(defaults: Any) -> Callable[[Any, Any], bool]:
    """A comparison by meaning: what Azure fills in by itself counts as said.

    Args:
        defaults: What Azure fills in.
    """
    return lambda a, b: bool(_filled(defaults, a) == _filled(defaults, b))


def _filled(defaults: Any, value: Any) -> Any:
    if isinstance(value, Mapping):
        start = defaults if isinstance(defaults, Mapping) else {}
        whole = {k: _filled(start.get(k, start.get("*")), value[k]) if k in value else start[k] for k in {**start, **value} if k != "*"}  # fmt: skip
        return {k: v for k, v in whole.items() if v not in (None, "", False, [], {})}
    if isinstance(value, list):
        inside = defaults[0] if isinstance(defaults, list) and defaults else None
        return [_filled(inside, one) for one in value]
    return value


def same_text(a: Any, b: Any) -> bool:
    """Whether two texts, such as ids, are the same but for capitals."""
    return a is not UNKNOWN and b is not UNKNOWN and str(a).lower() == str(b).lower()


def same_place(a: Any, b: Any) -> bool:
    """Whether two locations are the same: `West Europe` is `westeurope`."""
    return str(a).replace(" ", "").lower() == str(b).replace(" ", "").lower()
