"""Starts the pack: what the `__main__.py` of a policy pack calls."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import grpc

from byob_components.policies.registry import RULES
from byob_components.policies.rule import Rule
from byob_components.policies.serving.protocol import mismatches
from byob_components.policies.session import Session

NAME = "byob"
DESCRIPTION = "Guards buckets and keys that Weights & Biases stores data in"
SDK = "BYOB_POLICY_SDK"
"""The environment variable that asks for the SDK's own pack when it is not empty."""
_ENDS = (signal.SIGINT, signal.SIGTERM)
"""How the engine, or a person, ends a plugin."""
_BIG = [("grpc.max_receive_message_length", 400 << 20), ("grpc.max_send_message_length", 400 << 20)]


def serve(rules: Iterable[Rule] = RULES, *, name: str = NAME, description: str = DESCRIPTION) -> None:
    """Serve the rules to the engine until it ends this process.

    Args:
        rules: The rules of the pack; default all.
        name: The pack's name.
        description: The pack's description.
    """
    session = Session(rules)
    why = "asked for by " + SDK if os.environ.get(SDK) else _unfit()
    if why:
        # Not to stdout, whose first line is the port.
        print(
            f"byob policies run through pulumi-policy, which is slower and lets a misspelt rule name pass: {why}",
            file=sys.stderr,
        )
        _serve_sdk(session, name, description)
        return
    from pulumi.runtime.proto import analyzer_pb2_grpc

    from byob_components.policies.serving.servicer import Analyzer

    # Blocked before any thread starts: a handler could run in the middle of anything.
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDS)
    for number in _ENDS:
        signal.signal(number, signal.SIG_DFL)  # a shell starts what runs in the background with SIGINT ignored
    server = grpc.server(ThreadPoolExecutor(max_workers=4), options=_BIG)
    analyzer_pb2_grpc.add_AnalyzerServicer_to_server(Analyzer(session, name, description), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    parent = os.getppid()
    # The engine ends what it started by a signal; a pack whose engine was killed sees only that its parent is another.
    while signal.sigtimedwait(_ENDS, 1) is None and os.getppid() == parent:
        pass
    server.stop(0)
    os._exit(0)  # an ordinary exit would wait for threads of gRPC


def _unfit() -> str:
    """Why the own analyzer cannot be used; empty when it can."""
    try:
        from pulumi.runtime.proto import analyzer_pb2
    except ImportError as problem:
        return f"the engine's protocol is not where it was ({problem.name})"
    missing = mismatches(analyzer_pb2.DESCRIPTOR)
    return f"the engine's protocol is another one ({', '.join(missing[:3])})" if missing else ""


def _serve_sdk(session: Session, name: str, description: str) -> None:
    try:
        import pulumi_policy
    except ModuleNotFoundError as problem:
        raise ModuleNotFoundError(
            "the policy pack needs pulumi-policy, which is not installed: pip install 'byob-components[policy]'",
            name=problem.name,
        ) from None
    from byob_components.policies.serving.sdk import policies

    # Does not return: the SDK serves until the engine ends this process.
    pulumi_policy.PolicyPack(name, policies(session), pulumi_policy.EnforcementLevel.MANDATORY, description=description)
