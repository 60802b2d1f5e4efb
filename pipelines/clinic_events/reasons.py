"""The closed vocabulary of reasons for which an event is refused or flagged, and the one registry of all rules."""

from dataclasses import dataclass
from typing import Literal, cast

import msgspec

from clinic_events.vocabularies import vocabulary

Verdict = Literal["refuse", "flag"]
DecidedIn = Literal["stream", "warehouse"]
Severity = Literal["critical", "major", "minor"]


class Reason(msgspec.Struct, frozen=True, order=True, omit_defaults=True):
    """Why: the code of a rule, and where: a JSON pointer of names that the schema knows. Never a value.

    `candidates` are codes of a vocabulary: what an ambiguous name may stand for."""

    code: str
    path: str
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReasonKind:
    """A rule: where it is decided, what follows from it, why it is one, and what must be read with care where it was
    broken. `beyond_schema`: a JSON Schema cannot say this, so an event that a schema accepts may still be refused."""

    code: str
    title: str
    verdict: Verdict
    decided_in: DecidedIn
    severity: Severity
    rationale: str
    source: str
    endangers: tuple[str, ...]
    beyond_schema: bool


def _kind(row: dict[str, str]) -> ReasonKind:
    return ReasonKind(
        code=row["code"],
        title=row["title"],
        verdict=cast(Verdict, row["verdict"]),
        decided_in=cast(DecidedIn, row["decided_in"]),
        severity=cast(Severity, row["severity"]),
        rationale=row["rationale"],
        source=row["source"],
        endangers=tuple(filter(None, row["endangers"].split(";"))),
        beyond_schema=row["beyond_schema"] == "true",
    )


REASONS: dict[str, ReasonKind] = {code: _kind(row) for code, row in vocabulary("rules").items()}
