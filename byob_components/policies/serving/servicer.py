"""The analyzer of our own: routes by type, converts each resource once, and answers Remediate at once when nothing remediates."""

from __future__ import annotations

from typing import Any

import grpc
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc, plugin_pb2

from byob_components.policies import configuration
from byob_components.policies.rule import Level, Rule, Severity
from byob_components.policies.serving.wire import properties, put
from byob_components.policies.session import Answer, Session, reported_level
from byob_components.policies.tree import Node, NotKnown
from byob_components.policies.view import Resource, canonical

VERSION = "0.0.1"
"""What pulumi-policy says of every pack; the engine shows the version of PulumiPolicy.yaml."""
_LEVELS = {
    Level.ADVISORY: analyzer_pb2.ADVISORY,
    Level.MANDATORY: analyzer_pb2.MANDATORY,
    Level.REMEDIATE: analyzer_pb2.REMEDIATE,
    Level.DISABLED: analyzer_pb2.DISABLED,
}
_OF_LEVEL = {number: level for level, number in _LEVELS.items()}
_SEVERITIES = {
    Severity.LOW: analyzer_pb2.POLICY_SEVERITY_LOW,
    Severity.MEDIUM: analyzer_pb2.POLICY_SEVERITY_MEDIUM,
    Severity.HIGH: analyzer_pb2.POLICY_SEVERITY_HIGH,
    Severity.CRITICAL: analyzer_pb2.POLICY_SEVERITY_CRITICAL,
}
_NOTHING = analyzer_pb2.AnalyzeResponse()
_NOTHING_REMEDIED = analyzer_pb2.RemediateResponse()
NO_REMEDY = "Policy does not implement remediate"
"""What pulumi-policy says of a rule at level `remediate` that cannot mend anything."""


def tags(rule: Rule) -> list[str]:
    """The tags of a rule: its code, and the controls beside the first.

    Args:
        rule: The rule.
    """
    return [rule.code, *map(str, rule.frameworks[1:])]


class Analyzer(analyzer_pb2_grpc.AnalyzerServicer):
    """The pack as the engine talks to it.

    Args:
        session: The rules.
        name: The pack's name.
        description: The pack's description.
    """

    def __init__(self, session: Session, name: str, description: str) -> None:
        self.session, self.name, self.description = session, name, description
        self._route()

    def _route(self) -> None:
        """What runs, by type: rules that are disabled do not."""
        self._rules: dict[str, list[Rule]] = {type_: [] for type_ in self.session.types}
        self._stack_rules: list[Rule] = []
        self._remedying: list[Rule] = []
        for rule in self.session.rules.values():
            level = self.session.settings[rule.name].level
            if level is Level.DISABLED:
                continue
            if rule.stack:
                self._stack_rules.append(rule)
                continue
            for type_ in rule.types:
                self._rules[type_].append(rule)
            if level is Level.REMEDIATE:
                self._remedying.append(rule)

    # ------------------------------------------------------------------------------------ what the engine calls
    def Analyze(self, request: Any, context: Any) -> Any:
        rules = self._rules.get(canonical(request.type))
        if rules is None:
            self.session.see(request.urn)
            return _NOTHING
        resource = _resource(request)
        self.session.see(request.urn, resource)
        response = analyzer_pb2.AnalyzeResponse()
        for rule in rules:
            self._add(response, rule, self.session.judge(rule, resource))
        return response

    def AnalyzeStack(self, request: Any, context: Any) -> Any:
        stack = self.session.stack(
            _resource(one, {name: tuple(found.urns) for name, found in one.propertyDependencies.items()})
            for one in request.resources
            if canonical(one.type) in self.session.types
        )
        response = analyzer_pb2.AnalyzeResponse()
        for rule in self._stack_rules:
            self._add(response, rule, self.session.judge_stack(rule, stack))
        return response

    def Remediate(self, request: Any, context: Any) -> Any:
        if not self._remedying:
            return _NOTHING_REMEDIED
        response = analyzer_pb2.RemediateResponse()
        changed = struct_pb2.Struct()
        changed.CopyFrom(request.properties)
        for rule in self._remedying:
            if rule.remedy is None:
                response.not_applicable.add(policy_name=rule.name, reason=NO_REMEDY)
            elif canonical(request.type) in rule.types:
                self._remedy(response, rule, request, changed)
        return response

    def _remedy(self, response: Any, rule: Rule, request: Any, changed: struct_pb2.Struct) -> None:
        try:
            changes = self.session.remedy(rule, _resource(request, changed=changed))
        except NotKnown as missing:
            text = f"can't run remediation '{rule.name}' from policy pack '{self.name}@v{VERSION}' during preview: "
            self._remediation(response, rule, diagnostic=f"{text}{rule.code} {missing.path} is not known yet")
            return
        if changes:
            for place, value in changes.items():
                put(changed, place, value)
            self._remediation(response, rule, properties=changed)

    def _remediation(self, response: Any, rule: Rule, **more: Any) -> None:
        response.remediations.add(
            policyName=rule.name,
            policyPackName=self.name,
            policyPackVersion=VERSION,
            description=rule.title,
            **more,
        )

    def GetAnalyzerInfo(self, request: Any, context: Any) -> Any:
        info = analyzer_pb2.AnalyzerInfo(
            name=self.name, version=VERSION, supportsConfig=True, description=self.description
        )
        for rule in self.session.rules.values():
            info.policies.append(_info(rule))
        return info

    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        return plugin_pb2.PluginInfo(version=VERSION)

    def Handshake(self, request: Any, context: Any) -> Any:
        return analyzer_pb2.AnalyzerHandshakeResponse()

    def ConfigureStack(self, request: Any, context: Any) -> Any:
        self.session.audit = False
        return analyzer_pb2.AnalyzerStackConfigureResponse()

    def Configure(self, request: Any, context: Any) -> Any:
        given = {name: properties(one.properties) for name, one in request.policyConfig.items()}
        faults = configuration.check_configuration(self.session.rules, given)
        if faults:
            text = "\n".join(["the configuration of the policy pack is refused", *(f"  {fault}" for fault in faults)])
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, text)
        for name, rule in self.session.rules.items():
            if name in given:
                level = _OF_LEVEL[request.policyConfig[name].enforcementLevel]
                self.session.settings[name] = configuration.settings(rule, level, given[name])
        self._route()
        return empty_pb2.Empty()

    def Cancel(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()

    # ------------------------------------------------------------------------------------ what is answered
    def _add(self, response: Any, rule: Rule, answer: Answer) -> None:
        level = reported_level(self.session.settings[rule.name].level)
        for violation in answer.violations:
            response.diagnostics.add(
                policyName=rule.name,
                policyPackName=self.name,
                policyPackVersion=VERSION,
                message=f"{rule.title}\n{violation.message}",
                urn=violation.urn,
                description=rule.title,
                enforcementLevel=analyzer_pb2.MANDATORY if violation.failed else _LEVELS[level],
                severity=_SEVERITIES[rule.severity],
            )
        if answer.undecided:
            text = f"can't run policy '{rule.name}' from policy pack '{self.name}@v{VERSION}' during preview: "
            response.diagnostics.add(
                policyName=rule.name,
                policyPackName=self.name,
                policyPackVersion=VERSION,
                message=text + answer.undecided,
                description=rule.title,
                enforcementLevel=analyzer_pb2.ADVISORY,
            )
        if answer.not_applicable:
            response.not_applicable.add(policy_name=rule.name, reason=answer.not_applicable)


def _resource(
    request: Any, links: dict[str, tuple[str, ...]] | None = None, changed: struct_pb2.Struct | None = None
) -> Resource:
    inputs = Node(properties(request.properties if changed is None else changed))
    return Resource(
        request.urn,
        canonical(request.type),
        request.name,
        inputs,
        inputs,
        request.options.protect,
        {} if links is None else links,
    )


def _info(rule: Rule) -> Any:
    info = analyzer_pb2.PolicyInfo(
        name=rule.name,
        description=rule.title,
        enforcementLevel=_LEVELS[rule.level],
        policy_type=analyzer_pb2.POLICY_TYPE_STACK if rule.stack else analyzer_pb2.POLICY_TYPE_RESOURCE,
        severity=_SEVERITIES[rule.severity],
        tags=tags(rule),
        remediation_steps=rule.fix,
        url=rule.url,
    )
    info.configSchema.properties.update(configuration.schema(rule))
    for framework in rule.frameworks[:1]:
        info.framework.name, info.framework.version = framework.name, framework.version
        info.framework.reference = framework.control
    return info
