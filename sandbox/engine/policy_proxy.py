"""Stands before a policy pack until the engine has sent ConfigureStack.

Python packs learn project, stack and config from environment variables, so the pack can be started only after that call. All other
calls are passed on as bytes.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
from pulumi.runtime.proto import analyzer_pb2

BIG = [("grpc.max_receive_message_length", 400 << 20), ("grpc.max_send_message_length", 400 << 20)]


class PolicyProxy(grpc.GenericRpcHandler):
    def __init__(self, spawn: Callable[[dict[str, str]], str]) -> None:
        self.spawn, self.lock = spawn, threading.Lock()
        self.channel: Any = None
        self.server = grpc.server(ThreadPoolExecutor(16), handlers=[self], options=BIG)
        self.port = self.server.add_insecure_port("127.0.0.1:0")
        self.server.start()

    def service(self, details: Any) -> Any:
        return grpc.unary_unary_rpc_method_handler(lambda data, context: self.call(details.method, data, context))

    def call(self, method: str, data: bytes, context: Any) -> bytes:
        if method.endswith("/Handshake"):
            return b""
        with self.lock:
            if self.channel is None:
                port = self.spawn(self._environment(method, data))
                if not port:
                    context.abort(grpc.StatusCode.INTERNAL, "the policy pack did not start; see its messages above")
                self.channel = grpc.insecure_channel(f"127.0.0.1:{port}", options=BIG)
        try:
            answer: bytes = self.channel.unary_unary(method)(data)
            return answer
        except grpc.RpcError as error:
            context.abort(error.code(), error.details())
            raise

    @staticmethod
    def _environment(method: str, data: bytes) -> dict[str, str]:
        if not method.endswith("/ConfigureStack"):
            return {}
        stack = analyzer_pb2.AnalyzerStackConfigureRequest.FromString(data)
        return {
            "PULUMI_ORGANIZATION": stack.organization,
            "PULUMI_PROJECT": stack.project,
            "PULUMI_STACK": stack.stack,
            "PULUMI_DRY_RUN": "true" if stack.dry_run else "false",
            "PULUMI_CONFIG": json.dumps(dict(stack.config)),
        }
