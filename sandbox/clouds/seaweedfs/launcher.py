"""Becomes the SeaweedFS server, after asking the kernel to end it with the process that wanted it. Usage: launcher.py PROGRAM [ARGUMENT …]

The server is a Go binary, which cannot ask for itself; what is asked here survives the exec.
"""

import ctypes
import os
import signal
import sys

ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
os.execv(sys.argv[1], sys.argv[1:])  # noqa: S606 - the point of this file
