"""Whether what was planted was found, and nothing else: from a release's signals and quarantine only."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from simulated_network.truth import Truth

Row = Mapping[str, Any]


class Finding(NamedTuple):
    """What and where: a kind of plant, a clinic and, of broken events, the refusal code."""

    kind: str
    clinic_id: str
    reason: str | None = None


@dataclass(frozen=True)
class Judgement:
    """Each planted finding is found or missed; everything else that was found is a false alarm.

    `flagged_decoys` are the clinics of false alarms that look guilty on purpose.
    """

    planted: tuple[Finding, ...]
    found: tuple[Finding, ...]
    missed: tuple[Finding, ...]
    false_alarms: tuple[Finding, ...]
    flagged_decoys: tuple[str, ...]

    @property
    def is_right(self) -> bool:
        return not self.missed and not self.false_alarms


def judge_findings(truth: Truth, signals: Iterable[Row], quarantine: Iterable[Row]) -> Judgement:
    """`signals`: rows of `mart_clinic_signals`; `quarantine`: rows of `mart_quarantine_reasons`.

    Broken events count as found when a clinic's quarantine holds as many events of the refusal code as were planted;
    fewer is a miss, more is a false alarm (something was refused that should not have been).
    """
    planted = {Finding(plant.kind, plant.clinic_id, plant.reason): plant.amount for plant in truth.plants}
    refused = _refused(quarantine)
    alarms = {Finding(row["signal"], row["clinic_id"]) for row in signals if row["found"]}
    found = {finding for finding, amount in planted.items() if finding in alarms or refused[finding] >= amount}
    too_many = {finding for finding, events in refused.items() if events > planted.get(finding, 0)}
    false_alarms = (alarms - planted.keys()) | too_many
    decoys = {decoy.clinic_id for decoy in truth.decoys}
    return Judgement(
        planted=tuple(planted),
        found=tuple(finding for finding in planted if finding in found),
        missed=tuple(finding for finding in planted if finding not in found),
        false_alarms=tuple(sorted(false_alarms, key=str)),
        flagged_decoys=tuple(sorted({alarm.clinic_id for alarm in false_alarms if _blames(alarm, decoys)})),
    )


def _refused(quarantine: Iterable[Row]) -> Counter[Finding]:
    """Refused events per clinic and code."""
    refused: Counter[Finding] = Counter()
    for row in quarantine:
        refused[Finding("broken_events", row["clinic_id"], row["reason"])] += row["events"]
    return refused


def _blames(alarm: Finding, decoys: set[str]) -> bool:
    return alarm.kind != "broken_events" and alarm.clinic_id in decoys
