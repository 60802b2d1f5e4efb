"""What the check of a mapping finds, gathered so that its author sees everything at once."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo


class MappingInvalid(Exception):
    """The mapping cannot be used. `problems` has one line for each thing that is wrong, with its place.

    With `names_file` each says already in which file: the mapping, or the data.
    """

    def __init__(self, problems: list[str], names_file: bool = False):
        super().__init__("; ".join(problems))
        self.problems = problems
        self.names_file = names_file

    def told_of(self, mapping: Path | None) -> list[str]:
        return self.problems if self.names_file else [f"{mapping}: {problem}" for problem in self.problems]


class RowRefused(Exception):
    """A row cannot be mapped. The message names the place and the column, never what stood there."""


@dataclass
class Inspection:
    """One reading of a mapping: its problems, the columns it needs, the zone of its times."""

    zone: ZoneInfo | None = None
    problems: list[str] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)

    def problem(self, place: str, text: str) -> None:
        self.problems.append(f"{place}: {text}")

    def needs_column(self, place: str, column: str) -> None:
        self.columns.setdefault(column, place)

    def known_keys(self, place: str, given: Iterable[Any], known: Collection[str], what: str = "keyword") -> None:
        for key in given:
            if key not in known:
                close = get_close_matches(str(key), known, n=1)
                hint = f"; did you mean `{close[0]}`?" if close else f" (known: {', '.join(sorted(known))})"
                self.problem(place, f"unknown {what} `{key}`{hint}")

    def missing_columns(self, header: Collection[str]) -> list[str]:
        """One line for each column that the mapping needs and the file does not have."""
        return [
            f"{place}: the file has no column `{column}`"
            for column, place in self.columns.items()
            if column not in header
        ]
