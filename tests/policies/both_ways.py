"""Runs the rules both ways, through the own analyzer and through pulumi-policy, and writes what each answers.

A script for the pack's own environment: `python both_ways.py < corpus.json > answers.json`. A case of the corpus is
`{"policies": {name: {"level", "properties"}}, "resources": [{"type", "urn", "name", "protect", "properties", "links"}]}`.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from typing import Any

from google.protobuf import empty_pb2, json_format
from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy import EnforcementLevel
from pulumi_policy.policy import _PolicyAnalyzerServicer

from byob_components.policies import RULES, Rule
from byob_components.policies.serving.pack import DESCRIPTION, NAME
from byob_components.policies.serving.sdk import policies
from byob_components.policies.serving.servicer import VERSION, Analyzer
from byob_components.policies.session import Session


def _fails(*_: object) -> Any:
    raise ValueError("a defect of a rule")


def rules(case: dict[str, Any]) -> list[Rule]:
    """The rules, of which a case may break some."""
    return [replace(one, check=_fails) if one.name in case.get("broken", ()) else one for one in RULES]


def own(case: dict[str, Any]) -> Any:
    """The own analyzer."""
    return Analyzer(Session(rules(case)), NAME, DESCRIPTION)


def sdk(case: dict[str, Any]) -> Any:
    """The SDK's."""
    made = policies(Session(rules(case)))
    return _PolicyAnalyzerServicer(NAME, VERSION, made, EnforcementLevel.MANDATORY, description=DESCRIPTION)


def answers(servicer: Any, case: dict[str, Any]) -> list[Any]:
    """All that a servicer answers, in the engine's order of calls.

    Args:
        servicer: One of the two.
        case: From the corpus.
    """
    asked = analyzer_pb2.ConfigureAnalyzerRequest()
    for name, given in case.get("policies", {}).items():
        one = asked.policyConfig[name]
        one.enforcementLevel = analyzer_pb2.EnforcementLevel.Value(given["level"].upper())
        one.properties.update(given.get("properties", {}))
    servicer.Configure(asked, None)
    found = [servicer.GetAnalyzerInfo(empty_pb2.Empty(), None)] if "info" in case else []
    for one in case["resources"]:
        if one.get("fetched"):
            continue
        request = analyzer_pb2.AnalyzeRequest(type=one["type"], urn=one["urn"], name=one["name"])
        request.options.protect = one["protect"]
        request.properties.update(one["properties"])
        found += [servicer.Remediate(request, None), servicer.Analyze(request, None)]
    whole = analyzer_pb2.AnalyzeStackRequest()
    for one in case["resources"]:
        resource = whole.resources.add(type=one["type"], urn=one["urn"], name=one["name"])
        resource.options.protect = one["protect"]
        resource.properties.update(one["properties"])
        for name, urns in one["links"].items():
            resource.propertyDependencies[name].urns.extend(urns)
    found.append(servicer.AnalyzeStack(whole, None))
    return [json_format.MessageToDict(message) for message in found]


def main() -> None:
    corpus = json.load(sys.stdin)
    json.dump([[answers(make(case), case) for make in (own, sdk)] for case in corpus], sys.stdout)


if __name__ == "__main__":
    main()
