"""Faults of the platform and matters of the clinics: kept apart, because they have different owners."""

from dataclasses import dataclass
from datetime import datetime

from quality_dashboard.board import Board
from quality_dashboard.clinics_view import ClinicRow
from quality_dashboard.conservation_view import conservation_line
from quality_dashboard.facts import ProcessFact
from quality_dashboard.quality_view import failing
from quality_dashboard.releases_view import build_words, failed_since_release
from quality_dashboard.wording import counted

_RUNNING = {"running": "good", "ready": "good"}
_ON_THE_WAY = {"starting", "restarting", "backoff", "waiting", "stopping", "unknown"}
# Each source as the subject of a sentence, and the section that shows it.
_SOURCES = {
    "clinics": ("The list of clinics", "clinics"),
    "counts": ("The clinics' counts", "clinics"),
    "conservation": ("Conservation", "conservation"),
    "releases": ("The list of releases", "releases"),
    "released": ("The current release", "releases"),
    "funnel": ("The funnel plot", "funnel"),
    "processes": ("The supervisor's state", "processes"),
}


@dataclass(frozen=True)
class Matter:
    """One thing that needs attention. `level` is `bad` or `warn`; `anchor` is the section that shows more."""

    level: str
    text: str
    anchor: str


@dataclass(frozen=True)
class ProcessRow:
    name: str
    state: str
    level: str
    since: datetime | None
    restarts: int
    missing: str | None


def process_rows(processes: tuple[ProcessFact, ...]) -> list[ProcessRow]:
    """One row per process, in the supervisor's own order."""
    return [_process_row(process) for process in processes]


def _process_row(process: ProcessFact) -> ProcessRow:
    state = process.state.replace("_", " ")
    return ProcessRow(process.name, state, process_level(process), process.since, process.restarts, process.missing)


def process_level(process: ProcessFact) -> str:
    return _RUNNING.get(process.state) or ("warn" if process.state in _ON_THE_WAY else "bad")


def platform_faults(board: Board) -> list[Matter]:
    """What is the platform's own fault: a dead process, a source that cannot be read, a sum, a release not built."""
    return [*_process_faults(board), *_source_faults(board), *_conservation_faults(board), *_release_faults(board)]


def clinic_matters(rows: list[ClinicRow], board: Board) -> list[Matter]:
    """What a clinic should hear about. None of it makes the platform unwell."""
    return [*_silence(rows), *_signals(board), *_failing_checks(board)]


def _process_faults(board: Board) -> list[Matter]:
    rows = process_rows(board.processes.value or ())
    return [Matter(row.level, f"{row.name} is {row.state}", "processes") for row in rows if row.level != "good"]


def _source_faults(board: Board) -> list[Matter]:
    faults = ((getattr(board, name).fault, subject, anchor) for name, (subject, anchor) in _SOURCES.items())
    return [Matter("bad", f"{subject} {fault}", anchor) for fault, subject, anchor in faults if fault]


def _conservation_faults(board: Board) -> list[Matter]:
    conservation = board.conservation.value
    if conservation is None or conservation.holds:
        return []
    return [Matter("bad", f"Conservation: {conservation_line(conservation).text}", "conservation")]


def _release_faults(board: Board) -> list[Matter]:
    missing = board.released.value.missing if board.released.value else ()
    lacks = [Matter("bad", f"The current release lacks {mart}", "releases") for mart in missing]
    failed = failed_since_release(board.releases.value) if board.releases.value else None
    if failed is None:
        return lacks
    _, outcome = build_words(failed.status)
    return [*lacks, Matter("bad", f"Build {failed.release_id} {outcome}; the last good release stays up", "releases")]


def _silence(rows: list[ClinicRow]) -> list[Matter]:
    matters = []
    for state, level in (("silent", "bad"), ("late", "warn")):
        named = [row.clinic_id for row in rows if row.state == state]
        if named:
            matters.append(Matter(level, f"{counted(len(named), 'clinic')} {state}: {', '.join(named)}", "clinics"))
    return matters


def _signals(board: Board) -> list[Matter]:
    signals = board.released.value.signals if board.released.value else ()
    clinics = sorted({signal.clinic_id for signal in signals if signal.found})
    found = sum(signal.found for signal in signals)
    if not clinics:
        return []
    return [Matter("warn", f"{counted(found, 'signal')} to look into: {', '.join(clinics)}", "signals")]


def _failing_checks(board: Board) -> list[Matter]:
    checks = board.released.value.checks if board.released.value else ()
    found = failing(checks)
    if not found:
        return []
    clinics = len({check.clinic_id for check in found})
    words = f"{counted(len(found), 'quality check')} failing in {counted(clinics, 'clinic')}"
    return [Matter("warn", words, "quality")]
