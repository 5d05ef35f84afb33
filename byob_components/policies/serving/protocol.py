"""Whether the engine's wire protocol, as the installed pulumi describes it, is the one that the own analyzer speaks."""

from __future__ import annotations

from typing import Any

METHODS = {
    "Analyze": ("AnalyzeRequest", "AnalyzeResponse"),
    "AnalyzeStack": ("AnalyzeStackRequest", "AnalyzeResponse"),
    "Remediate": ("AnalyzeRequest", "RemediateResponse"),
    "GetAnalyzerInfo": ("Empty", "AnalyzerInfo"),
    "GetPluginInfo": ("Empty", "PluginInfo"),
    "Configure": ("ConfigureAnalyzerRequest", "Empty"),
}
"""What the engine calls of an analyzer, and what the own one answers."""
FIELDS = {
    "AnalyzeRequest": "type properties urn name options",
    "AnalyzerResource": "type properties urn name options propertyDependencies",
    "AnalyzerResourceOptions": "protect",
    "AnalyzerPropertyDependencies": "urns",
    "AnalyzeStackRequest": "resources",
    "AnalyzeResponse": "diagnostics not_applicable",
    "AnalyzeDiagnostic": "policyName policyPackName policyPackVersion description message enforcementLevel urn severity",
    "PolicyNotApplicable": "policy_name reason",
    "RemediateResponse": "remediations not_applicable",
    "Remediation": "policyName policyPackName policyPackVersion description properties diagnostic",
    "AnalyzerInfo": "name version supportsConfig policies description",
    "PolicyInfo": "name description enforcementLevel configSchema policy_type severity framework tags remediation_steps url",
    "PolicyConfig": "enforcementLevel properties",
    "ConfigureAnalyzerRequest": "policyConfig",
}
"""The fields that it reads and writes."""
VALUES = {
    "EnforcementLevel": "ADVISORY MANDATORY DISABLED REMEDIATE",
    "PolicyType": "POLICY_TYPE_RESOURCE POLICY_TYPE_STACK",
    "PolicySeverity": "POLICY_SEVERITY_LOW POLICY_SEVERITY_MEDIUM POLICY_SEVERITY_HIGH POLICY_SEVERITY_CRITICAL",
}
"""The enumerated values that it reads and writes."""


def mismatches(file: Any) -> list[str]:
    """What is missing or different; empty when the own analyzer can be used.

    Args:
        file: The descriptor of the analyzer's protocol file.
    """
    found = []
    service = file.services_by_name.get("Analyzer")
    for name, wanted in METHODS.items():
        method = None if service is None else service.methods_by_name.get(name)
        if method is None or (method.input_type.name, method.output_type.name) != wanted:
            found.append(f"Analyzer.{name}")
    for message, names in FIELDS.items():
        known = file.message_types_by_name.get(message)
        fields = set() if known is None else set(known.fields_by_name)
        found += [f"{message}.{name}" for name in names.split() if name not in fields]
    for enum, names in VALUES.items():
        described = file.enum_types_by_name.get(enum)
        values = set() if described is None else set(described.values_by_name)
        found += [f"{enum}.{name}" for name in names.split() if name not in values]
    return found
