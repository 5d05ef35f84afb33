"""Takes the place of the interpreter: has a process that is already warm run the script, and stands for it until it ends.

Started with `-IS` and nothing imported, for it is started at every turn: it gives away its arguments, environment, working
directory and standard streams, passes signals on, and ends as the script ended. What no server waits for is run by the real
interpreter.
"""

import _signal
import _socket
import marshal
import os
import sys


def name_of(arguments):
    """`host.py` or `sandbox.providers`: what a server may be waiting for."""
    first = [argument for argument in arguments if argument != "-u"][:2]
    return first[1] if first[:1] == ["-m"] and len(first) == 2 else os.path.basename(first[0]) if first else ""


def main(folder, python, arguments):
    # Several servers for the same script differ in the order in which they go through sets, as processes do.
    servers = [f"{folder}/{name_of(arguments)}.{n}" for n in range(4)]
    servers = [server for server in servers if os.path.exists(server)]
    if not servers:
        os.execv(python, [python, *arguments])  # noqa: S606 - as this process was started
    connection = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    connection.connect(servers[os.getpid() % len(servers)])
    told, tell = os.pipe()
    os.set_blocking(tell, False)
    _signal.set_wakeup_fd(tell, warn_on_full_buffer=False)  # each signal is a byte in the pipe, and none is lost
    for number in (_signal.SIGINT, _signal.SIGTERM):
        _signal.signal(number, lambda *_: None)
    job = marshal.dumps((os.getcwd(), arguments, dict(os.environ)))
    streams = b"".join(fd.to_bytes(4, sys.byteorder) for fd in (0, 1, 2, told))
    connection.sendmsg([len(job).to_bytes(8, "big")], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, streams)])
    connection.sendall(job)
    os.close(told)
    answer = connection.recv(4)
    code = int.from_bytes(answer, "big", signed=True) if len(answer) == 4 else 70
    if code < 0:
        if -code in (_signal.SIGINT, _signal.SIGTERM):
            _signal.signal(-code, _signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code)
