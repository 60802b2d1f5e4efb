"""What a command prints: JSON for machines, tables and lines for people."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

_WIDEST = 10_000
_SHORTENED_BELOW = 10_000

# soft_wrap: a line that is piped somewhere stays one line.
console = Console(soft_wrap=True, highlight=False, markup=False, emoji=False)
tables = Console(width=_WIDEST, soft_wrap=True, highlight=False, markup=False, emoji=False)
notices = Console(stderr=True, soft_wrap=True, highlight=False, markup=False, emoji=False)


def say(text: str) -> None:
    console.print(text)


def notice(text: str) -> None:
    """For people beside a machine's answer: on standard error."""
    notices.print(text)


def complain(problems: Iterable[str]) -> None:
    """What could not be done, each in a line on standard error."""
    for problem in problems:
        notices.print(f"meridian: {problem}")


def answer_json(value: Any) -> None:
    console.out(json.dumps(value, indent=2, default=str, ensure_ascii=False, allow_nan=False), highlight=False)


def answer_table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    table = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*map(_shown, row))
    # As wide as it is: a value that is cut off is worse than a line that wraps.
    tables.print(table)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.4g}" if isinstance(value, float) and abs(value) < _SHORTENED_BELOW else str(value)


def answer_records(records: Sequence[dict[str, Any]]) -> None:
    """A table of records that share their keys; nothing at all is said in words."""
    if not records:
        say("nothing")
        return
    answer_table(list(records[0]), [list(record.values()) for record in records])
