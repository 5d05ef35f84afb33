"""A small Pulumi language host for Python, written in Python.

The CLI starts it as `pulumi-language-python [flags] <engine address>` when it stands beside the `pulumi` binary. It prints the port of
its gRPC server and serves pulumirpc.LanguageRuntime: Run runs a program (`runtime: python`), RunPlugin a policy pack (kind analyzer) or
a plugin with a PulumiPlugin.yaml (kind resource). `options.virtualenv` names the environment, relative to the yaml's directory. Nothing
is installed, and no plugin is reported as required: providers come from the plugin cache or from `plugins:`.
"""

import contextlib
import importlib.metadata
import json
import os
import queue
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

from protos import proto_only

proto_only()

import grpc  # noqa: E402 - after proto_only
from google.protobuf import json_format  # noqa: E402
from google.protobuf.empty_pb2 import Empty  # noqa: E402
from policy_proxy import BIG, PolicyProxy  # noqa: E402
from program import EXIT_REPORTED  # noqa: E402
from pulumi.runtime.proto import language_pb2 as lang  # noqa: E402
from pulumi.runtime.proto import language_pb2_grpc, plugin_pb2  # noqa: E402
from stop import stop_signal  # noqa: E402

ENGINE = [argument for argument in sys.argv[1:] if not argument.startswith("-")][-1]  # the engine's address comes last
PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "program.py")
CHILDREN: "set[subprocess.Popen]" = set()


def interpreter(info) -> str:
    """The Python of `options.virtualenv`, or ours; what was given in place of ours stands for it here too."""
    ours = os.environ.get("BYOB_PYTHON") or sys.executable
    venv = json_format.MessageToDict(info.options).get("virtualenv")
    if not venv:
        return ours
    python = os.path.join(info.root_directory, venv, "bin", "python")
    if not os.path.exists(python):
        raise RuntimeError(f"options.virtualenv: there is no {python}")
    return ours if os.path.samefile(os.path.join(info.root_directory, venv), sys.prefix) else python


def start(argv, **more) -> subprocess.Popen:
    child = subprocess.Popen(argv, stdin=subprocess.DEVNULL, **more)
    CHILDREN.add(child)
    return child


def stop(child: subprocess.Popen, grace: float = 0) -> None:
    """Kill; with `grace`, ask by SIGINT first. A program is never asked: it hangs on a monitor that is gone."""
    if grace and child.poll() is None:
        child.send_signal(2)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(grace)
    child.kill()  # does nothing to a child that has ended
    child.wait()
    CHILDREN.discard(child)


class Host(language_pb2_grpc.LanguageRuntimeServicer):
    def Handshake(self, request, context):
        return lang.LanguageHandshakeResponse()

    def GetPluginInfo(self, request, context):
        return plugin_pb2.PluginInfo(version=importlib.metadata.version("pulumi"))

    def GetRequiredPackages(self, request, context):
        return lang.GetRequiredPackagesResponse()

    def GetRequiredPlugins(self, request, context):
        return lang.GetRequiredPluginsResponse()

    def RuntimeOptionsPrompts(self, request, context):
        return lang.RuntimeOptionsResponse()

    def InstallDependencies(self, request, context):
        return iter(())  # the environment is made beforehand

    def Cancel(self, request, context):
        for child in list(CHILDREN):  # the engine gives up; plugins end with their own streams
            if child.stdout is None:
                stop(child)
        return Empty()

    def About(self, request, context):
        python = interpreter(request.info)
        version = subprocess.run([python, "-V"], capture_output=True, text=True, check=False).stdout.split()[-1]
        return lang.AboutResponse(executable=python, version=version)

    def GetProgramDependencies(self, request, context):
        code = "import importlib.metadata as m; [print(d.metadata['Name'], d.version) for d in m.distributions()]"
        out = subprocess.run(
            [interpreter(request.info), "-c", code], capture_output=True, text=True, check=False
        ).stdout
        pairs = sorted({tuple(line.split()) for line in out.splitlines()})
        found = [lang.DependencyInfo(name=name, version=version) for name, version in pairs]
        return lang.GetProgramDependenciesResponse(dependencies=found)

    def Run(self, r, context):
        entry = os.path.normpath(os.path.join(r.info.program_directory, r.info.entry_point))
        if os.path.isdir(entry) and not os.path.exists(os.path.join(entry, "__main__.py")):
            return lang.RunResponse(error=f"there is no __main__.py in {entry}")
        settings = {
            "monitor": r.monitor_address, "engine": ENGINE, "project": r.project, "stack": r.stack, "parallel": r.parallel,
            "dry_run": r.dryRun, "organization": r.organization, "root_directory": r.info.root_directory,
        }  # fmt: skip
        env = {
            **os.environ,
            "PULUMI_CONFIG": json.dumps(dict(r.config)),
            "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(r.configSecretKeys)),
            "PULUMI_LANGHOST_JOB": json.dumps({"settings": settings, "args": list(r.args)}),
        }
        # stdout and stderr are inherited: what this host prints after its port is shown to the user.
        child = start([interpreter(r.info), "-u", PROGRAM, entry], cwd=r.pwd or None, env=env)
        context.add_callback(lambda: stop(child))
        code = child.wait()
        CHILDREN.discard(child)
        if code == EXIT_REPORTED:
            return lang.RunResponse(bail=True)
        return lang.RunResponse(error=f"the program exited with code {code}" if code else "")

    def RunPlugin(self, r, context):
        python, root = interpreter(r.info), r.info.program_directory
        main = os.path.join(root, r.info.entry_point)
        env = {**os.environ, **dict(pair.split("=", 1) for pair in r.env)}
        out: queue.Queue = queue.Queue()  # (field of RunPluginResponse, value)
        children = []

        def pump(stream, field):
            for line in stream:
                out.put((field, line))

        def launch(argv, cwd, **more) -> subprocess.Popen:
            child = start(argv, cwd=cwd, env={**env, **more}, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            children.append(child)
            threading.Thread(target=pump, args=(child.stderr, "stderr"), daemon=True).start()
            return child

        def rest(child):  # copy stdout until the end, then report the exit code
            pump(child.stdout, "stdout")
            out.put(("exitcode", child.wait()))

        def spawn_pack(stack_env):
            child = launch([python, "-u", "-m", "pulumi.policy", *r.args, main], root, **stack_env)
            port = child.stdout.readline().strip().decode()
            threading.Thread(target=rest, args=(child,), daemon=True).start()
            return port

        if r.kind == "analyzer":
            out.put(("stdout", f"{PolicyProxy(spawn_pack).port}\n".encode()))
        else:
            if os.path.exists(os.path.join(main, "__main__.py")):
                argv = [python, "-u", main, *r.args]
            else:  # a package: host the components of its top module
                import tomllib

                with open(os.path.join(root, "pyproject.toml"), "rb") as file:
                    argv = [python, "-u", "-m", "pulumi.run.plugin", tomllib.load(file)["project"]["name"], *r.args]
            threading.Thread(target=rest, args=(launch(argv, r.pwd or root),), daemon=True).start()

        context.add_callback(
            lambda: ([stop(child, grace=1) for child in children], out.put(None))
        )  # the engine hung up
        for field, value in iter(out.get, None):
            yield lang.RunPluginResponse(**{field: value})
            if field == "exitcode":
                return


def main() -> None:
    wait = stop_signal()
    server = grpc.server(ThreadPoolExecutor(32), options=BIG)
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(Host(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    wait()  # SIGINT is how the engine stops a plugin
    for child in list(CHILDREN):
        stop(child)
    os._exit(0)  # an ordinary exit would wait for gRPC threads


main()
