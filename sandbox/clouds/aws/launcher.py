"""Starts ministack in its own environment; run by that environment's Python, never imported.

Two things differ from plain ministack 1.5.33. A bucket policy that names a role of another account is evaluated against the caller's real
ARN: out of the box the first gate sees every foreign caller as `<account>:root`, so W&B's role would never match. And a second port
serves plain HTTP, so that a TLS deny can be seen to bite; nothing else than the two ports is bound.
"""

import ctypes
import os
import signal

import ministack.core.iam_evaluator as evaluator
import ministack.services.s3 as s3
from hypercorn.config import Config
from ministack.core.iam_actions import _s3_action, s3_service_context
from ministack.core.responses import get_region

if os.environ.get("BYOB_DIE_WITH_PARENT"):
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG

_first_gate = s3._foreign_bucket_allows


def _allows(owner, bucket, key, method, query, caller, headers=None):
    """Whether a bucket of `owner` lets a caller of another account in."""
    if _first_gate(owner, bucket, key, method, query, caller, headers):
        return True
    policy = s3._bucket_policies.get_scoped(owner, None, bucket)
    if not caller or not policy:
        return False
    path = f"/{bucket}/{key}" if key else f"/{bucket}"
    action = "s3:" + (_s3_action(method, path, query) or ("GetObject" if method in ("GET", "HEAD") else "PutObject"))
    with s3.request_scope(owner, get_region()):
        found = s3_service_context(action, query, path, headers or {})
    arn = evaluator.request_caller_arn(headers or {}, query)
    context = evaluator.EvalContext(
        principal_arn=arn,
        principal_type="AssumedRole" if ":assumed-role/" in arn else "User",
        principal_account=caller,
        action=action,
        resource_arn=f"arn:aws:s3:::{bucket}/{key}" if key else f"arn:aws:s3:::{bucket}",
        region=get_region(),
        service_context={name.lower(): value for name, value in found.items()},
    )
    return evaluator.evaluate_resource_policy(policy, context).decision == "Allow"


s3._foreign_bucket_allows = _allows

_plain = int(os.environ["BYOB_PLAIN_PORT"]) if os.environ.get("BYOB_PLAIN_PORT") else None
if _plain:
    Config._insecure_bind = [f"127.0.0.1:{_plain}"]

import ministack.app as app  # noqa: E402 - the server reads what is set above

app._port_is_bindable = lambda host, port: False  # asked for 443 only, which is not ours to take
app.main()
