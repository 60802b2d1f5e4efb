"""End a child when its parent dies, however the parent dies."""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1
# Loaded before any fork: a child that still has to load a library between fork and exec can hang.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def end_with(parent: int) -> None:
    """Call in the child, between fork and exec: from now on SIGTERM comes when `parent` is gone.

    Survives exec. Only Linux can do it; elsewhere the next `up` ends what a killed supervisor left behind.
    """
    if _libc is None:
        return
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    # The parent may have died just before: then no signal will ever come.
    if os.getppid() != parent:
        os._exit(1)
