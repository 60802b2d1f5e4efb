"""Read the current release's manifest and the ledger's rows into what the page shows of them."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from quality_dashboard.facts import BuildFact, TierFact
from warehouse_releases.build_folders import TIERS, BuildFolder
from warehouse_releases.damage import read_manifest
from warehouse_releases.ledger import Release


def tier_facts(current: BuildFolder | None) -> tuple[TierFact, ...]:
    """One fact per tier that the current release shows something in: the analyst's only with a data lock.

    Raises OSError, ValueError or KeyError for a damaged release.
    """
    if current is None:
        return ()
    manifest = read_manifest(current)
    shown = [tier for tier in TIERS if tier == "officer" or manifest.get("lock")]
    return tuple(_tier(tier, current.release_id, manifest) for tier in shown)


def build_facts(recorded: Iterable[Release]) -> tuple[BuildFact, ...]:
    return tuple(BuildFact(release.release_id, release.created_at, release.status) for release in recorded)


def _tier(tier: str, release_id: int, manifest: dict[str, Any]) -> TierFact:
    lock = manifest["lock"] if tier == "analyst" else None
    return TierFact(
        tier=tier,
        release_id=release_id,
        as_of=_time(lock["as_of"] if lock else manifest["as_of"]),
        created_at=_time(lock["locked_at"] if lock else manifest["created_at"]),
        checks_passed=int(manifest["checks_passed"]),
        checks_total=int(manifest["checks_total"]),
        verdicts=tuple(sorted(manifest["verdicts"].items())),
        lock=lock["period"] if lock else None,
    )


def _time(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
