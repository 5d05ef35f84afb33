"""A plugin that makes nothing and answers at once, so that what is measured is the program and the engine."""

from __future__ import annotations

from typing import Any

from sandbox.engine.protos import proto_only

proto_only()

from benchmarks.answers import called, computed  # noqa: E402 - after proto_only
from sandbox.providers.framework.protos import Empty, plugin_pb2, provider_pb2_grpc  # noqa: E402 - after proto_only
from sandbox.providers.framework.protos import provider_pb2 as p  # noqa: E402 - the same
from sandbox.providers.framework.serving import run  # noqa: E402 - the same


class NullProvider(provider_pb2_grpc.ResourceProviderServicer):
    """Says yes to everything; what a program reads of a resource is made up from its name."""

    def Handshake(self, r: Any, c: Any) -> Any:
        return p.ProviderHandshakeResponse(accept_secrets=True)

    def GetPluginInfo(self, r: Any, c: Any) -> Any:
        return plugin_pb2.PluginInfo(version="")

    def CheckConfig(self, r: Any, c: Any) -> Any:
        return p.CheckResponse(inputs=r.news)

    def DiffConfig(self, r: Any, c: Any) -> Any:
        return p.DiffResponse(changes=p.DiffResponse.DIFF_NONE)

    def Configure(self, r: Any, c: Any) -> Any:
        return p.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    def Check(self, r: Any, c: Any) -> Any:
        return p.CheckResponse(inputs=r.news)

    def Create(self, r: Any, c: Any) -> Any:
        kind, name = r.urn.split("::")[2].rpartition("$")[2], r.urn.rpartition("::")[2]
        made = r.properties
        made.update(computed(kind, name))
        return p.CreateResponse(id=f"{name}-id", properties=made)

    def Invoke(self, r: Any, c: Any) -> Any:
        answer = p.InvokeResponse()
        getattr(answer, "return").update(called(r.tok))
        return answer

    def Cancel(self, r: Any, c: Any) -> Any:
        return Empty()


if __name__ == "__main__":
    run(NullProvider())
