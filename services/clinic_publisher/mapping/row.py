"""What a mapping is applied to, and what a compiled part of it is."""

from collections.abc import Callable
from typing import Any

# A row: its cells by column; None where nothing was recorded.
Row = dict[str, str | None]

# A compiled part of a mapping: from a row its value, None where the row has none.
Value = Callable[[Row], Any]


def missing(_row: Row) -> None:
    """The value of what could not be compiled; the inspection says why."""
