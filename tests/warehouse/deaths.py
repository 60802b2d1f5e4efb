"""A death in the middle of work, for tests: after so many changes nothing runs any more."""

from collections.abc import Iterable
from typing import Any

import pytest


class Killed(BaseException):
    """Stands for kill -9: no handler runs after it."""


def die_at(step: int, patched: pytest.MonkeyPatch, changes: Iterable[tuple[Any, str]]) -> None:
    """From now on the `step`-th change is the last thing that happens, or does not happen.

    Each of `changes` is an owner and the name of its function.
    """
    taken = iter(range(step))

    def counted(change):
        def maybe(*args, **kwargs):
            if next(taken, None) is None:
                raise Killed
            return change(*args, **kwargs)

        return maybe

    for owner, name in changes:
        patched.setattr(owner, name, counted(getattr(owner, name)))
