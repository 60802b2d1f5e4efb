"""Sleep until something happens: a child ends, someone asks to stop, or the time is up."""

import select
import signal
import socket
from types import TracebackType

_STOP = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Wakeups:
    """Takes over this process's signals while it is open; for the main thread."""

    def __init__(self) -> None:
        self.stop_asked = False
        self._wakes, self._writes = socket.socketpair()

    def __enter__(self) -> "Wakeups":
        self._wakes.setblocking(False)
        self._writes.setblocking(False)
        # A signal that is ignored stays so: `nohup` means it.
        heeded = [number for number in _STOP if signal.getsignal(number) is not signal.SIG_IGN]
        self._handlers = {number: signal.signal(number, self._on_stop) for number in heeded}
        self._handlers[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)
        self._former = signal.set_wakeup_fd(self._writes.fileno(), warn_on_full_buffer=False)
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        signal.set_wakeup_fd(self._former)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._wakes.close()
        self._writes.close()

    def wait(self, timeout_s: float) -> None:
        # A signal that came just before is in the pipe already: nothing is ever missed.
        if select.select([self._wakes], [], [], timeout_s)[0]:
            self._wakes.recv(4096)

    def _on_stop(self, _number: int, _frame: object) -> None:
        self.stop_asked = True
