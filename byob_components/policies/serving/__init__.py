"""Runs the rules for the engine: by default with an analyzer of our own on the public wire protocol, else as an ordinary pack of
pulumi-policy, with equal diagnostics.

Needs the extra `policy`, in an environment of its own: pulumi-policy holds protobuf at 5.
"""

try:
    import grpc  # noqa: F401 - only whether it is there
    import pulumi  # noqa: F401 - only whether it is there
except ModuleNotFoundError as _problem:
    raise ModuleNotFoundError(
        f"the policy pack needs {_problem.name}, which is not installed: pip install 'byob-components[policy]'",
        name=_problem.name,
    ) from None
