"""How a problem reaches the user: one short line; the trace stays in the plugin's log."""

import sys
import traceback
from typing import Any, NoReturn

from sandbox.providers.framework.protos import any_pb2, grpc, provider_pb2, status_pb2, struct_pb2
from sandbox.providers.framework.resource import Cloud, PartlyCreated, Refused


def text(problem: Exception, cloud: Cloud | None, doing: str) -> str:
    """One line about a problem.

    Args:
        problem: What was raised.
        cloud: The configured provider, which knows its client's errors.
        doing: What was being done: `creating S3 Bucket (name)`.
    """
    if isinstance(problem, PartlyCreated):
        return text(problem.cause, cloud, doing)
    if isinstance(problem, Refused):
        return f"{doing}: {problem}"
    if cloud is not None and (known := cloud.error_text(problem)):
        return f"{doing}: {known}"
    # Not the cloud's answer: a defect of the stand-in, and it says so.
    traceback.print_exception(problem, file=sys.stderr)
    return f"{doing}: the stand-in provider has a defect: {type(problem).__name__}: {problem}"


def fail(context: Any, message: str) -> NoReturn:
    """End the call with a message.

    Args:
        context: The call's gRPC context.
        message: The line for the user.
    """
    context.abort(grpc.StatusCode.UNKNOWN, message)
    raise AssertionError("abort returned")


def fail_half_done(
    context: Any, id: str, inputs: "struct_pb2.Struct", outputs: "struct_pb2.Struct", message: str
) -> NoReturn:
    """End a Create or Update whose thing exists but is not as asked: the engine records it, and repairs it next time.

    Args:
        context: The call's gRPC context.
        id: The thing.
        inputs: What was asked for.
        outputs: What is there.
        message: The line for the user.
    """
    detail = any_pb2.Any()
    detail.Pack(provider_pb2.ErrorResourceInitFailed(id=id, properties=outputs, reasons=[message], inputs=inputs))
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=message, details=[detail])
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    fail(context, message)
