"""A process that has imported what a script needs, and forks a copy of itself for every run of it.

Usage: server.py SOCKET MODULE…; it ends when its standard input is closed.
"""

import array
import atexit
import contextlib
import gc
import importlib
import marshal
import os
import runpy
import select
import signal
import socket
import sys
import threading
import traceback

STREAMS = 4  # stdin, stdout, stderr, and the pipe by which the client tells signals and its own end


def take(connection):
    """A job: working directory, arguments, environment; and the client's streams."""
    head, control, _, _ = connection.recvmsg(8, socket.CMSG_SPACE(STREAMS * 4))
    fds = array.array("i")
    for _, _, data in control:
        fds.frombytes(data[: len(data) - len(data) % fds.itemsize])
    left, parts = int.from_bytes(head, "big"), []
    while left:
        parts.append(connection.recv(left))
        left -= len(parts[-1])
        if not parts[-1]:
            raise ConnectionError("the client has gone")
    return marshal.loads(b"".join(parts)), list(fds)  # noqa: S302 - from our own client, by a socket of our own


def listen(told):
    """Signals of the client reach the whole group, as they would have; without the client nothing of it lives on."""
    while number := os.read(told, 1):
        os.killpg(0, number[0])
    os.killpg(0, signal.SIGKILL)


def run(job, fds):
    """Become what the client stands for. Does not return."""
    directory, arguments, environment = job
    os.setpgid(0, 0)
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for target in range(3):
        os.dup2(fds[target], target)
        os.close(fds[target])
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(directory)
    threading.Thread(target=listen, args=(fds[3],), daemon=True).start()
    arguments = [argument for argument in arguments if argument != "-u"]
    code = 0
    try:
        if arguments[0] == "-m":
            sys.argv, sys.path[0] = arguments[1:], directory
            runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
        else:
            sys.argv, sys.path[0] = arguments, os.path.dirname(os.path.abspath(arguments[0]))
            runpy.run_path(arguments[0], run_name="__main__")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
        code = 1
    finally:
        # All that an interpreter does at its end, but for taking apart a thousand modules.
        threading._shutdown()
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def main():
    path, *modules = sys.argv[1:]
    for name in modules:
        if name == "proto_only":
            importlib.import_module("sandbox.engine.protos").proto_only()
        else:
            importlib.import_module(name)
    assert len(os.listdir("/proc/self/task")) == 1, "a process with threads must not be forked"
    gc.collect()
    gc.freeze()
    woken, waker = os.pipe()
    os.set_blocking(waker, False)
    signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(path + ".new")
    listener.listen(64)
    os.rename(path + ".new", path)  # it is there when it answers
    running = {}
    while True:
        ready, _, _ = select.select([0, woken, listener], [], [])
        if 0 in ready:
            os._exit(0)
        if woken in ready:
            os.read(woken, 4096)
            while running:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if not pid:
                    break
                code = os.waitstatus_to_exitcode(status).to_bytes(4, "big", signed=True)
                with running.pop(pid) as connection, contextlib.suppress(OSError):  # the client was killed
                    connection.sendall(code)
        if listener in ready:
            connection, _ = listener.accept()
            connection.settimeout(30)
            try:
                job, fds = take(connection)
            except OSError:
                connection.close()
                continue
            pid = os.fork()
            if pid == 0:
                signal.set_wakeup_fd(-1)
                for file in (listener, connection, *running.values()):
                    file.close()
                os.close(woken)
                os.close(waker)
                run(job, fds)
            running[pid] = connection
            for fd in fds:
                os.close(fd)


if __name__ == "__main__":
    main()
