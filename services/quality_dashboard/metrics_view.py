"""The board as metrics: what the dashboard knows of the platform, beside what each process tells of itself."""

from collections import Counter

from process_telemetry import metric_vocabulary as known
from process_telemetry.process_metrics import ProcessMetrics
from quality_dashboard.board import Board
from quality_dashboard.facts import Releases
from quality_dashboard.platform_view import platform_faults, process_level
from quality_dashboard.quality_view import failing
from warehouse_releases.conservation import Conservation


def board_metrics(board: Board) -> ProcessMetrics:
    """Of a source that was not read yet there is no metric."""
    metrics = ProcessMetrics()
    metrics.set(known.PLATFORM_FAULTS, len(platform_faults(board)))
    for process in board.processes.value or ():
        metrics.set(known.PROCESS_READY, process_level(process) == "good", process=process.name)
        metrics.set(known.PROCESS_RESTARTS, process.restarts, process=process.name)
    if board.conservation.value:
        _conserved(metrics, board.conservation.value)
    if board.releases.value:
        _released(metrics, board.releases.value)
    if board.released.value:
        for clinic_id, count in Counter(check.clinic_id for check in failing(board.released.value.checks)).items():
            metrics.set(known.CLINIC_CHECKS, count, clinic=clinic_id)
    return metrics


def _conserved(metrics: ProcessMetrics, conservation: Conservation) -> None:
    metrics.set(known.CONSERVATION_PROBLEMS, len(conservation.problems))
    counts: Counter[tuple[str, str]] = Counter()
    for balance in conservation.partitions:
        for disposition in known.DISPOSITION.values or ():
            counts[balance.clinic_id, disposition] += getattr(balance, disposition)
    for (clinic_id, disposition), count in counts.items():
        metrics.set(known.CONSERVED_EVENTS, count, clinic=clinic_id, disposition=disposition)


def _released(metrics: ProcessMetrics, releases: Releases) -> None:
    for tier in releases.tiers:
        metrics.set(known.RELEASE, tier.release_id, tier=tier.tier)
        metrics.set(known.RELEASED_AT, tier.created_at.timestamp(), tier=tier.tier)
        metrics.set(known.CHECKS_FAILED, tier.checks_total - tier.checks_passed, tier=tier.tier)
    if releases.builds:
        latest = releases.builds[0]
        metrics.set(known.LAST_BUILD_AT, latest.created_at.timestamp())
        for verdict in known.VERDICT.values or ():
            metrics.set(known.LAST_BUILD, verdict == latest.status, verdict=verdict)
