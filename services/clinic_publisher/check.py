"""The platform's verdicts on a file, offline: what the stream would decide of each event alone."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from clinic_events.reasons import REASONS
from clinic_events.verdicts import judge
from clinic_publisher.mapping.inspection import MappingInvalid
from clinic_publisher.mapping.mapping import load_mapping
from clinic_publisher.report import LeftOut, RefusedLine, described
from clinic_publisher.sources import FileFormat, SourceItem, UsageError, fhir_reading, read_source, require_clinic

_LISTED = 200


@dataclass(frozen=True)
class EventVerdict:
    """`reasons` are {code, path} and, of an ambiguous name, {candidates}; a path never holds a value."""

    line: int
    clinic_id: str | None
    event_id: str | None
    event_type: str | None
    verdict: str
    reasons: list[dict[str, Any]]


@dataclass
class CheckReport:
    """`undecided` are the rules that need other events: the platform decides them after the file was published."""

    events: list[EventVerdict] = field(default_factory=list)
    refused: list[RefusedLine] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def undecided(self) -> dict[str, str]:
        return {kind.code: kind.title for kind in REASONS.values() if kind.decided_in == "warehouse"}

    @property
    def verdicts(self) -> Counter[str]:
        return Counter(event.verdict for event in self.events)

    @property
    def exit_code(self) -> int:
        """0 nothing would be refused, 1 something would be, 2 the file or the mapping cannot be used."""
        return 2 if self.problems else 1 if self.refused or self.verdicts["quarantined"] else 0

    def as_json(self) -> dict[str, Any]:
        return {
            "events": [asdict(event) for event in self.events],
            "refused": [asdict(line) for line in self.refused],
            "left_out": [asdict(line) for line in self.left_out],
            "verdicts": {verdict: self.verdicts[verdict] for verdict in ("accepted", "flagged", "quarantined")},
            "undecided": [{"code": code, "title": title} for code, title in self.undecided.items()],
            "problems": self.problems,
            "exit_code": self.exit_code,
        }

    def lines(self) -> list[str]:
        """The report as text, without the problems, which leave nothing to tell; accepted events are counted only."""
        if self.problems:
            return []
        noted = [(one.line, f"line {one.line}: refused: {one.reason}") for one in self.refused]
        noted += [(one.line, _described(one)) for one in self.events if one.verdict != "accepted"]
        noted += [(one.line, described(one)) for one in self.left_out]
        listed = [text for _, text in sorted(noted)]
        more = [f"... and {len(listed) - _LISTED} more such lines"] if len(listed) > _LISTED else []
        counts = ", ".join(f"{self.verdicts[verdict]} {verdict}" for verdict in ("accepted", "flagged", "quarantined"))
        return [
            *listed[:_LISTED],
            *more,
            f"{len(self.events)} events: {counts}; {len(self.refused)} lines refused",
            f"not decided here (they need other events): {', '.join(self.undecided)}",
        ]


def check_file(
    path: Path,
    clinic_id: str | None = None,
    mapping: Path | None = None,
    file_format: FileFormat = "jsonl",
    timezone: str | None = None,
) -> CheckReport:
    """Judge every event of a file. Without a clinic, JSON lines are judged as of whichever clinic they name."""
    report, now = CheckReport(), datetime.now(UTC)
    try:
        fhir = fhir_reading(file_format, timezone, mapping)
        loaded = load_mapping(mapping) if mapping else None
        if clinic_id is not None or loaded is not None or fhir is not None:
            require_clinic(clinic_id, loaded)
        for item in read_source(path, clinic_id, loaded, fhir):
            _enter(item, now, report)
    except MappingInvalid as invalid:
        report.problems += invalid.told_of(mapping)
    except UsageError as error:
        report.problems.append(str(error))
    except OSError as error:
        report.problems.append(f"{path}: {error.strerror or error}")
    return report


def _enter(item: SourceItem, now: datetime, report: CheckReport) -> None:
    if item.event is None:
        report.refused.append(RefusedLine(item.line, item.refused or ""))
        return
    if item.left_out:
        report.left_out.append(LeftOut(item.line, list(item.left_out)))
    verdict = judge(item.event.body, item.clinic_id, now)
    reasons = [msgspec.to_builtins(reason) for reason in verdict.reasons]
    report.events.append(
        EventVerdict(item.line, item.clinic_id, verdict.event_id, verdict.event_type, verdict.status, reasons)
    )


def _described(event: EventVerdict) -> str:
    return f"line {event.line}: {event.verdict}: {', '.join(map(_told, event.reasons))}"


def _told(reason: dict[str, Any]) -> str:
    candidates = f" ({' or '.join(reason['candidates'])}?)" if "candidates" in reason else ""
    return f"{reason['code']} {reason['path']}".strip() + candidates
