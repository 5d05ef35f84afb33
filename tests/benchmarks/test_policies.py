"""The measurement of the policies asks what the engine asks, and judges by its limits."""

from __future__ import annotations

import inspect
import json

import pulumi_aws as aws

from benchmarks import policies, policies_on_engine


def test_the_resources_are_large_and_judged_without_a_failing_rule() -> None:
    asked = policies.requests(3)
    assert len(asked[0].properties["tags"]) == 20
    assert len(asked[0].properties["lifecycleRules"]) == 10
    servicer = policies.own()
    said = [one.message for request in asked for one in servicer.Analyze(request, None).diagnostics]
    said += [one.message for one in servicer.AnalyzeStack(policies.stack_request(asked), None).diagnostics]
    assert [text for text in said if "rule failed" in text] == []
    assert {text.split()[0] for text in said} >= {"A", "Every"}


def test_the_numbers() -> None:
    found = policies.handlers(policies.own, 5)
    assert set(found) == {"resource_ms", "resource_processor_ms", "stack_ms", "stack_processor_ms"}
    assert all(number > 0 for number in found.values())
    json.dumps(found)
    assert set(policies.LIMITS) == {"start_to_port_s", "resource_processor_ms", "stack_processor_ms", "linear"}


def test_the_preview_has_the_same_large_buckets() -> None:
    given = policies_on_engine.arguments(3)
    assert set(given) <= set(inspect.signature(aws.s3.Bucket._internal_init).parameters)
    assert (len(given["tags"]), len(given["lifecycle_rules"])) == (20, 10)
