"""The judgement in words: a small table for a terminal."""

from collections import defaultdict

from simulated_network.judgement import Finding, Judgement
from simulated_network.truth import Decoy, Plant, Truth

_PLANTS = {
    "elevated_risk": "{:g} times the true risk",
    "under_reporting": "reports {:.0%} of its events",
    "silence": "silent for the last {:.0f} days",
    "lapsed_licence": "{:.0f} sessions without a valid licence",
    "resent_history": "{:.0f} events sent again",
}
_DECOYS = {
    "asks_by_checklist": "safe, asks by checklist every time",
    "small_clinic": "small",
    "holiday_gap": "closed for a fortnight, and back",
}


def summary_lines(truth: Truth, judgement: Judgement) -> list[str]:
    """One line per plant and decoy, one for the broken events of all clinics per refusal code, and the sum."""
    plants = [_plant_line(plant, judgement) for plant in truth.plants if plant.reason is None]
    decoys = [_decoy_line(decoy, judgement) for decoy in truth.decoys]
    blamed = [f"{'false alarm':<12}{_named(alarm)}" for alarm in judgement.false_alarms]
    return [*plants, *_broken_lines(truth, judgement), *decoys, *blamed, _sum_line(judgement)]


def _plant_line(plant: Plant, judgement: Judgement) -> str:
    verdict = _verdict(Finding(plant.kind, plant.clinic_id), judgement)
    return f"{verdict:<12}{plant.clinic_id:<34}{_PLANTS[plant.kind].format(plant.amount)}"


def _broken_lines(truth: Truth, judgement: Judgement) -> list[str]:
    by_reason: dict[str, list[Plant]] = defaultdict(list)
    for plant in truth.plants:
        if plant.reason is not None:
            by_reason[plant.reason].append(plant)
    return [_broken_line(reason, plants, judgement) for reason, plants in sorted(by_reason.items())]


def _broken_line(reason: str, plants: list[Plant], judgement: Judgement) -> str:
    verdicts = {_verdict(Finding(each.kind, each.clinic_id, reason), judgement) for each in plants}
    verdict = "found" if verdicts == {"found"} else "missed"
    events = sum(each.amount for each in plants)
    return f"{verdict:<12}{f'{len(plants)} clinics':<34}{events:.0f} broken events refused as {reason}"


def _decoy_line(decoy: Decoy, judgement: Judgement) -> str:
    verdict = "flagged" if decoy.clinic_id in judgement.flagged_decoys else "left alone"
    return f"{verdict:<12}{decoy.clinic_id:<34}{_DECOYS[decoy.kind]} (decoy)"


def _verdict(finding: Finding, judgement: Judgement) -> str:
    return "found" if finding in judgement.found else "missed"


def _named(finding: Finding) -> str:
    return f"{finding.clinic_id:<34}{finding.kind}{f' ({finding.reason})' if finding.reason else ''}"


def _sum_line(judgement: Judgement) -> str:
    return (
        f"planted {len(judgement.planted)}, found {len(judgement.found)}, missed {len(judgement.missed)}, "
        f"false alarms {len(judgement.false_alarms)}"
    )
