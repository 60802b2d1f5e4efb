"""The current releases of both tiers and the latest builds."""

from dataclasses import dataclass
from datetime import datetime

from quality_dashboard.facts import BuildFact, Releases, TierFact
from quality_dashboard.wording import count, counted

TIERS = (
    ("officer", "Officer tier", "For the safety officer and administrators; follows the data within minutes."),
    ("analyst", "Analyst tier", "For analysts; shows the last data lock, under disclosure control."),
)
_NO_RELEASE = ("No release yet", "The first release appears here when a build passes its audit.")
_NO_LOCK = (
    "No data lock yet",
    "The builder locks a week or month by itself when it has closed; `meridian lock` does it now.",
)
_VERDICT_LEVELS = {"passed": "good", "warned": "warn", "not_checked": "warn", "failed": "bad"}
_BUILD_WORDS = {
    "released": ("good", "released"),
    "audit_failed": ("bad", "failed its audit, kept for study, not shown"),
    "build_failed": ("bad", "could not be built"),
}


@dataclass(frozen=True)
class TierCard:
    """One tier: its current release; before the first, None, what there is not (`nothing`), and when there will be."""

    title: str
    purpose: str
    nothing: str
    until_when: str
    release: TierFact | None

    @property
    def level(self) -> str:
        return audit_verdict(self.release)[0] if self.release else "idle"

    @property
    def verdict(self) -> str:
        return audit_verdict(self.release)[1] if self.release else self.nothing


@dataclass(frozen=True)
class MartRow:
    """Whether one mart of the current release may be relied on."""

    mart: str
    level: str
    verdict: str


@dataclass(frozen=True)
class BuildRow:
    release_id: int
    created_at: datetime
    level: str
    outcome: str


def tier_cards(releases: Releases | None) -> list[TierCard]:
    current = {tier.tier: tier for tier in releases.tiers} if releases else {}
    # Before the first release nothing can be locked.
    missing = {"analyst": _NO_LOCK} if current else {}
    return [
        TierCard(title, purpose, *missing.get(tier, _NO_RELEASE), current.get(tier)) for tier, title, purpose in TIERS
    ]


def mart_rows(releases: Releases | None) -> list[MartRow]:
    """The current release's marts, those with something wrong first."""
    verdicts = dict(verdict for tier in releases.tiers for verdict in tier.verdicts) if releases else {}
    rows = [MartRow(mart, _VERDICT_LEVELS.get(word, "idle"), word.replace("_", " ")) for mart, word in verdicts.items()]
    return sorted(rows, key=lambda row: (row.level == "good", row.mart))


def build_rows(releases: Releases | None) -> list[BuildRow]:
    return [_build_row(build) for build in (releases.builds if releases else ())]


def audit_verdict(release: TierFact) -> tuple[str, str]:
    """The colour and the words of a release's audit."""
    if not release.checks_total:
        return "warn", "Not audited"
    level, verdict = ("good", "Audit passed") if release.audit_passed else ("bad", "Audit failed")
    return level, f"{verdict}: {count(release.checks_passed)} of {counted(release.checks_total, 'check')}"


def failed_since_release(releases: Releases) -> BuildFact | None:
    """The newest build, when it did not become a release: until the next one the data on show grow old."""
    newest = releases.builds[0] if releases.builds else None
    return newest if newest is not None and newest.status != "released" else None


def build_words(status: str) -> tuple[str, str]:
    return _BUILD_WORDS.get(status, ("idle", status.replace("_", " ")))


def _build_row(build: BuildFact) -> BuildRow:
    level, outcome = build_words(build.status)
    return BuildRow(build.release_id, build.created_at, level, outcome)
