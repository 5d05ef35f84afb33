"""An `aws` plugin that makes nothing and answers at once, so that what is measured is the program and the engine."""

from __future__ import annotations

from typing import Any

from sandbox.engine.protos import proto_only

proto_only()

from sandbox.providers.framework.protos import Empty, plugin_pb2, provider_pb2_grpc  # noqa: E402 - after proto_only
from sandbox.providers.framework.protos import provider_pb2 as p  # noqa: E402 - the same
from sandbox.providers.framework.serving import run  # noqa: E402 - the same

ACCOUNT, REGION = "111122223333", "eu-west-1"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"


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
        kind, name = r.urn.split("::")[2].rpartition(":")[2], r.urn.rpartition("::")[2]
        made = r.properties
        if kind == "Bucket":
            made.update({"bucket": name, "arn": f"arn:aws:s3:::{name}", "region": REGION})
        elif kind == "Key":
            made.update({"arn": KEY, "keyId": KEY.rpartition("/")[2]})
        elif kind == "Alias":
            made.update({"name": f"alias/{name}"})
        return p.CreateResponse(id=f"{name}-id", properties=made)

    def Invoke(self, r: Any, c: Any) -> Any:
        answer = p.InvokeResponse()
        known = {"accountId": ACCOUNT, "arn": f"arn:aws:iam::{ACCOUNT}:user/bench", "id": ACCOUNT, "userId": "AIDA"}
        getattr(answer, "return").update(known)
        return answer

    def Cancel(self, r: Any, c: Any) -> Any:
        return Empty()


if __name__ == "__main__":
    run(NullProvider())
