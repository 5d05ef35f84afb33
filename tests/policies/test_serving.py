"""What the pack is besides its rules: the wire, the protocol's check, refused configurations, and the process itself."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import descriptor_pb2, descriptor_pool, empty_pb2, struct_pb2
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

from byob_components.policies import RULES, Session, rule
from byob_components.policies.serving.protocol import mismatches
from byob_components.policies.serving.servicer import Analyzer
from byob_components.policies.serving.wire import SECRET, SIGNATURE, plain, properties, put
from byob_components.policies.tree import UNKNOWN, Secret
from sandbox.places import ROOT

UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def struct(**fields: Any) -> struct_pb2.Struct:
    """A struct."""
    made = struct_pb2.Struct()
    made.update(fields)
    return made


def secret(value: Any) -> dict[str, Any]:
    """A secret, as it travels."""
    return {SIGNATURE: SECRET, "value": value}


# ------------------------------------------------------------------------------------------ the wire
def test_properties_become_plain_data() -> None:
    asset = {SIGNATURE: "c44067f5952c0a294b673a41bacd8c17", "path": "a"}
    found = plain(struct(a=1, b=True, c=None, d=[{"e": UNKNOWN_TEXT}], f=secret([secret("x")]), g=asset, h="y" * 36))
    assert found["d"][0]["e"] is UNKNOWN
    assert found["f"] == Secret([Secret("x")])
    assert {k: found[k] for k in "abcgh"} == {"a": 1.0, "b": True, "c": None, "g": {}, "h": "y" * 36}
    # The other kinds that the engine may not know yet.
    for text in ("1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", "dd056dcd-154b-4c76-9bd3-c8f88648b5ff"):
        assert plain(struct(a=text))["a"] is UNKNOWN
    assert properties(struct(**secret("all of it"))) == {}


def test_a_value_is_put_where_it_belongs_and_stays_secret() -> None:
    one = struct(a=secret({"b": secret("old"), "c": 1}), d="text")
    put(one, ("a", "b"), "new")
    put(one, ("d", "e"), True)
    put(one, ("f",), 7)
    assert plain(one) == {"a": Secret({"b": Secret("new"), "c": 1.0}), "d": {"e": True}, "f": 7.0}


# ------------------------------------------------------------------------------------------ the protocol
def test_the_installed_protocol_is_ours() -> None:
    assert mismatches(analyzer_pb2.DESCRIPTOR) == []


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        (lambda file: file.message_type[[m.name for m in file.message_type].index("AnalyzeRequest")].field.pop(0), "AnalyzeRequest.type"),
        (lambda file: file.service[0].method.pop(0), "Analyzer.Analyze"),
        (lambda file: file.enum_type[0].value.pop(1), "EnforcementLevel.MANDATORY"),
    ],
)  # fmt: skip
def test_another_protocol_is_seen(change: Any, wanted: str) -> None:
    file = descriptor_pb2.FileDescriptorProto()
    analyzer_pb2.DESCRIPTOR.CopyToProto(file)
    change(file)
    pool = descriptor_pool.DescriptorPool()
    for dependency in ("google/protobuf/empty.proto", "google/protobuf/struct.proto", "pulumi/plugin.proto"):
        other = descriptor_pb2.FileDescriptorProto()
        descriptor_pool.Default().FindFileByName(dependency).CopyToProto(other)
        pool.Add(other)
    found = mismatches(pool.AddSerializedFile(file.SerializeToString()) or pool.FindFileByName(file.name))
    assert wanted in found


# ------------------------------------------------------------------------------------------ configuration
class Refused(Exception):
    """Stands for the end of a call."""


class Context:
    """A gRPC context that remembers why a call was ended."""

    code, text = None, ""

    def abort(self, code: grpc.StatusCode, text: str) -> None:
        self.code, self.text = code, text
        raise Refused


def configured(**policies: dict[str, Any]) -> Any:
    """The request that the engine makes."""
    request = analyzer_pb2.ConfigureAnalyzerRequest()
    for name, found in policies.items():
        request.policyConfig[name].enforcementLevel = analyzer_pb2.MANDATORY
        request.policyConfig[name].properties.update(found)
    return request


def test_a_wrong_configuration_is_refused_whole() -> None:
    analyzer, context = Analyzer(Session(RULES), "byob", "…"), Context()
    request = configured(**{"byob-aws-bucket-tsl": {}, "byob-aws-bucket-tls": {"exclud": ["x"]}, "all": {}})
    with pytest.raises(Refused):
        analyzer.Configure(request, context)
    assert context.code is grpc.StatusCode.INVALID_ARGUMENT
    assert "BYOB-POL-001 byob-aws-bucket-tsl" in context.text
    assert "BYOB-POL-002 byob-aws-bucket-tls.exclud" in context.text


def test_nothing_is_converted_where_no_rule_looks() -> None:
    analyzer = Analyzer(Session(RULES), "byob", "…")
    request = analyzer_pb2.AnalyzeRequest(type="aws:ec2/vpc:Vpc", urn="u", properties=struct(a=[1]))
    assert analyzer.Analyze(request, Context()) == analyzer_pb2.AnalyzeResponse()
    assert analyzer.Remediate(request, Context()) == analyzer_pb2.RemediateResponse()


# ------------------------------------------------------------------------------------------ the process
@contextmanager
def started(*command: str, **env: str) -> Iterator[tuple[Any, subprocess.Popen[bytes]]]:
    """The pack as a process, and a client of it."""
    process = subprocess.Popen(
        list(command),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **env},
    )
    try:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            yield analyzer_pb2_grpc.AnalyzerStub(channel), process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.wait(20)
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()


@pytest.mark.parametrize("by_sdk", [False, True])
def test_the_pack_serves_as_the_language_host_starts_it(pack_python: Path, by_sdk: bool) -> None:
    command = (str(pack_python), "-u", "-m", "pulumi.policy", "127.0.0.1:1", str(ROOT / "policies" / "__main__.py"))
    with started(*command, **({"BYOB_POLICY_SDK": "1"} if by_sdk else {})) as (client, process):
        info = client.GetAnalyzerInfo(empty_pb2.Empty(), timeout=20)
        assert [one.name for one in info.policies] == [one.name for one in RULES]
        request = analyzer_pb2.AnalyzeRequest(type="aws:s3/bucket:Bucket", urn="u", name="vision")
        (said, *_) = client.Analyze(request, timeout=20).diagnostics
        assert said.message.startswith(rule("byob-aws-bucket-protect").title)
        wrong = configured(**{"byob-aws-bucket-tsl": {}})
        if by_sdk:
            client.Configure(wrong, timeout=20)
        else:
            with pytest.raises(grpc.RpcError) as refused:
                client.Configure(wrong, timeout=20)
            assert "BYOB-POL-001" in refused.value.details()
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
        assert process.stderr is not None
        told = process.stderr.read().decode()
        assert ("run through pulumi-policy" in told) is by_sdk


def test_the_pack_serves_as_an_executable_file(pack_python: Path) -> None:
    command = ROOT / "policies" / "pulumi-analyzer-policy-byob"
    assert os.access(command, os.X_OK)
    with started(str(command), "127.0.0.1:1") as (client, process):
        assert len(client.GetAnalyzerInfo(empty_pb2.Empty(), timeout=20).policies) == len(RULES)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
