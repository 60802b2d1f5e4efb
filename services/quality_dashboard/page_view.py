"""The whole page, and its machine-readable twin, from one board. Pure."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from quality_dashboard.board import Board
from quality_dashboard.clinics_view import ClinicRow, clinic_rows, totals
from quality_dashboard.conservation_view import ConservationRow, Verdict, conservation_line, conservation_rows
from quality_dashboard.facts import CheckFact, RuleFact, SignalFact
from quality_dashboard.platform_view import Matter, ProcessRow, clinic_matters, platform_faults, process_rows
from quality_dashboard.quality_view import CheckRow, check_rows, checks_line, failing
from quality_dashboard.releases_view import BuildRow, MartRow, TierCard, build_rows, mart_rows, tier_cards
from quality_dashboard.rules_view import RuleRow, broken, rule_rows, rules_line
from quality_dashboard.signals_view import SignalRow, signal_rows, signals_line, silent_clinics
from quality_dashboard.wording import counted, machine_time
from warehouse_releases.live_counts import ClinicCounts


@dataclass(frozen=True)
class Page:
    """What the templates show. `now` is the wall clock, `clock` the platform's time (`as_of` where it is set)."""

    board: Board
    now: datetime
    clock: datetime
    faults: list[Matter]
    matters: list[Matter]
    clinics: list[ClinicRow]
    totals: ClinicCounts | None
    conservation: list[ConservationRow]
    conservation_line: Verdict | None
    tiers: list[TierCard]
    marts: list[MartRow]
    builds: list[BuildRow]
    checks: list[CheckRow]
    checks_line: str
    rules: list[RuleRow]
    rules_line: str
    signals: list[SignalRow]
    signals_line: str
    processes: list[ProcessRow]

    @property
    def level(self) -> str:
        if any(fault.level == "bad" for fault in self.faults):
            return "bad"
        return "warn" if self.faults else "good"

    @property
    def headline(self) -> str:
        """The platform's state in a few words."""
        if self.faults:
            return f"{counted(len(self.faults), 'platform fault')}"
        return "The platform is working"


def page(board: Board, now: datetime, clock: datetime) -> Page:
    """Everything on the page. Both times carry their zone."""
    signals, checks = _signals(board), _checks(board)
    criteria = (
        {criterion.code: criterion for criterion in board.released.value.criteria} if board.released.value else {}
    )
    clinics = clinic_rows(board.clinics.value or (), board.counts.value, silent_clinics(signals), clock)
    return Page(
        board=board,
        now=now,
        clock=clock,
        faults=platform_faults(board),
        matters=clinic_matters(clinics, board),
        clinics=clinics,
        totals=totals(board.counts.value),
        conservation=conservation_rows(board.conservation.value) if board.conservation.value else [],
        conservation_line=conservation_line(board.conservation.value) if board.conservation.value else None,
        tiers=tier_cards(board.releases.value),
        marts=mart_rows(board.releases.value),
        builds=build_rows(board.releases.value),
        checks=check_rows(checks, criteria),
        checks_line=checks_line(checks),
        rules=rule_rows(_rules(board)),
        rules_line=rules_line(_rules(board)),
        signals=signal_rows(signals, criteria),
        signals_line=signals_line(signals),
        processes=process_rows(board.processes.value or ()),
    )


def status_document(shown: Page) -> dict[str, Any]:
    """The page for machines: the same figures, times in ISO 8601 UTC, null where nothing is known."""
    board = shown.board
    return {
        "ok": not shown.faults,
        "at": machine_time(shown.now),
        "clock": machine_time(shown.clock),
        "platform_faults": [fault.text for fault in shown.faults],
        "clinic_matters": [matter.text for matter in shown.matters],
        "clinics": [_clinic(row, shown.now) for row in shown.clinics],
        "conservation": board.conservation.value.as_json() if board.conservation.value else None,
        "releases": [_times(asdict(tier)) for tier in board.releases.value.tiers] if board.releases.value else None,
        "failing_checks": [asdict(check) for check in failing(_checks(board))],
        "broken_rules": [asdict(rule) for rule in broken(_rules(board))],
        "signals": [asdict(signal) for signal in _signals(board) if signal.found],
        "processes": [_times(asdict(process)) for process in board.processes.value or ()],
    }


def _clinic(row: ClinicRow, now: datetime) -> dict[str, Any]:
    counts = row.counts.as_json(now) if row.counts else {}
    return {"clinic_id": row.clinic_id, "name": row.name or row.clinic_id, "state": row.state} | counts


def _signals(board: Board) -> tuple[SignalFact, ...]:
    return board.released.value.signals if board.released.value else ()


def _checks(board: Board) -> tuple[CheckFact, ...]:
    return board.released.value.checks if board.released.value else ()


def _rules(board: Board) -> tuple[RuleFact, ...]:
    return board.released.value.rules if board.released.value else ()


def _times(record: dict[str, Any]) -> dict[str, Any]:
    return {name: machine_time(value) if isinstance(value, datetime) else value for name, value in record.items()}
