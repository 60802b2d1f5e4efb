"""Read the current release's manifest and the ledger's rows into what the page shows of them."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from quality_dashboard.facts import BuildFact, TierFact
from warehouse_releases.build_folders import TIERS, BuildFolder
from warehouse_releases.damage import read_manifest
from warehouse_releases.ledger import Release


def tier_facts(current: BuildFolder | None) -> tuple[TierFact, ...]:
    """One fact per tier that the current release holds. Raises OSError, ValueError or KeyError for a damaged one."""
    if current is None:
        return ()
    manifest = read_manifest(current)
    return tuple(_tier(tier, current.release_id, manifest) for tier in TIERS if current.warehouse(tier).exists())


def build_facts(recorded: Iterable[Release]) -> tuple[BuildFact, ...]:
    return tuple(BuildFact(release.release_id, release.created_at, release.status) for release in recorded)


def _tier(tier: str, release_id: int, manifest: dict[str, Any]) -> TierFact:
    return TierFact(
        tier=tier,
        release_id=release_id,
        as_of=_time(manifest["as_of"]),
        created_at=_time(manifest["created_at"]),
        checks_passed=int(manifest["checks_passed"]),
        checks_total=int(manifest["checks_total"]),
        verdicts=tuple(sorted(manifest["verdicts"].items())),
    )


def _time(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
