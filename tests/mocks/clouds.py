"""Every cloud at once, for a program with stores on several: each answers for the resources of its own provider."""

from __future__ import annotations

from typing import Any

from pulumi.runtime import mocks

from tests.mocks.aws import AwsMocks
from tests.mocks.azure import AzureMocks
from tests.mocks.gcp import GcpMocks


class CloudMocks(mocks.Mocks):
    """Answers as the provider of each resource would.

    Args:
        preview: Leave computed values out, which the SDK takes as unknown.
    """

    def __init__(self, *, preview: bool = False) -> None:
        self.clouds: dict[str, mocks.Mocks] = {
            "aws": AwsMocks(preview=preview),
            "azure-native": AzureMocks(preview=preview),
            "gcp": GcpMocks(preview=preview),
        }

    def _of(self, token: str) -> mocks.Mocks:
        package = token.removeprefix("pulumi:providers:").partition(":")[0]
        # What belongs to no cloud, as our components and the stack, is answered alike by all.
        return self.clouds.get(package, self.clouds["aws"])

    def call(self, args: mocks.MockCallArgs) -> Any:
        return self._of(args.token).call(args)

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        return self._of(args.typ).new_resource(args)
