"""What a publish did, for a person and for a program."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

_LISTED = 20
_VERDICTS = ("accepted", "flagged", "quarantined")


@dataclass(frozen=True)
class RefusedLine:
    """A line that could not be sent at all."""

    line: int
    reason: str


@dataclass(frozen=True)
class Warned:
    """A line that was sent, of which the platform will say this. `reasons` are `code path`."""

    line: int
    verdict: str
    reasons: list[str]


@dataclass(frozen=True)
class LeftOut:
    """Elements of a FHIR resource that found no place in an event, by FHIR's own names. `line` is its entry."""

    line: int
    elements: list[str]


@dataclass
class PublishReport:
    """Counts are events. `problems` are what went wrong as a whole, a line each; then `exit_code` is 2."""

    events: int = 0
    already_published: int = 0
    sent: int = 0
    waiting: int = 0
    unlanded: int = 0
    clinics: int = 0
    refused: list[RefusedLine] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    verdicts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 all sent, 1 some line refused, 2 usage or connection."""
        return 2 if self.problems else 1 if self.refused else 0

    def problem(self, text: str) -> None:
        if text not in self.problems:
            self.problems.append(text)

    def as_json(self) -> dict[str, Any]:
        return {
            **asdict(self),
            "verdicts": {verdict: self.verdicts[verdict] for verdict in _VERDICTS},
            "reasons": dict(self.reasons.most_common()),
            "exit_code": self.exit_code,
        }

    def lines(self) -> list[str]:
        """The report as text, without the problems."""
        return [
            *_shortened([f"line {one.line}: refused: {one.reason}" for one in self.refused]),
            *_shortened([f"line {one.line}: will be {one.verdict}: {', '.join(one.reasons)}" for one in self.warnings]),
            *_shortened([described(one) for one in self.left_out]),
            f"{self.sent} sent, {self.already_published} of {self.events} events already published, "
            f"{len(self.refused)} lines refused, {self.clinics} {'clinic' if self.clinics == 1 else 'clinics'}",
            *self._verdict_lines(),
        ]

    def _verdict_lines(self) -> list[str]:
        if not self.verdicts:
            return []
        counts = ", ".join(f"{self.verdicts[verdict]} {verdict}" for verdict in _VERDICTS)
        return [f"receipts: {counts}", *(f"  {count} {code}" for code, count in self.reasons.most_common())]


def described(left: LeftOut) -> str:
    return f"entry {left.line}: not represented: {', '.join(left.elements)}"


def _shortened(lines: list[str]) -> list[str]:
    more = len(lines) - _LISTED
    return lines if more <= 0 else [*lines[:_LISTED], f"... and {more} more such lines"]
