"""One at a time: whoever changes the rights of clinics waits until the one before has finished.

Otherwise a broker's restart, which gives every active clinic its rights again, could give back what a suspension that
runs beside it has just taken away.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from network_registry.home import Home


@contextmanager
def changing_rights(home: Home) -> Iterator[None]:
    """Held for as long as the block runs; the kernel lets go of it when its holder dies."""
    with (home.run / "onboarding.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
