"""Who plays which part: the clinics in which something is planted, and those that only look like it."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from simulated_network.clinics import SimulatedClinic, closed_between, main_way_of_asking, ways_of_asking
from simulated_network.periods import DAYS, Period
from simulated_network.truth import Decoy, Plant

RISK_RATIO = 3.0
SHARE_REPORTED = 0.1
# A safe clinic: truly below the others, and the only one that asks by checklist every time.
SAFE = 0.85


@dataclass(frozen=True)
class Cast:
    """The clinics, changed by their parts. `lapsing` and `resending` are changed later, in what they send."""

    clinics: tuple[SimulatedClinic, ...]
    plants: tuple[Plant, ...] = ()
    decoys: tuple[Decoy, ...] = ()
    lapsing: str | None = None
    resending: str | None = None


def cast_parts(clinics: tuple[SimulatedClinic, ...], period: Period, random: np.random.Generator) -> Cast:
    """Eight different clinics get a part each; four stay as they are."""
    safe, risky, concealing, silent, small, closed, lapsing, resending = _players(clinics, random)
    silent_days = int(random.integers(18, 31))
    changed = (
        replace(safe, true_risk=SAFE, elicitation=1.0, ways_of_asking=ways_of_asking("checklist", 1.0)),
        replace(risky, true_risk=1.0, risk_ratio=RISK_RATIO),
        replace(concealing, share_reported=SHARE_REPORTED),
        closed_between(silent, period.day(DAYS - silent_days), date.max),
        replace(small, patients=int(random.integers(18, 27)), practitioners=2),
        closed_between(closed, *_fortnight(period, random)),
    )
    return Cast(
        clinics=_with(clinics, changed),
        plants=(
            Plant("elevated_risk", risky.clinic_id, RISK_RATIO),
            Plant("under_reporting", concealing.clinic_id, SHARE_REPORTED),
            Plant("silence", silent.clinic_id, silent_days),
        ),
        decoys=(
            Decoy("asks_by_checklist", safe.clinic_id),
            Decoy("small_clinic", small.clinic_id),
            Decoy("holiday_gap", closed.clinic_id),
        ),
        lapsing=lapsing.clinic_id,
        resending=resending.clinic_id,
    )


def _players(clinics: tuple[SimulatedClinic, ...], random: np.random.Generator) -> list[SimulatedClinic]:
    """Eight clinics in random order, the first of which asks by checklist anyway."""
    shuffled = [clinics[number] for number in random.permutation(len(clinics))]
    first = next(clinic for clinic in shuffled if main_way_of_asking(clinic) == "checklist")
    return [first, *(clinic for clinic in shuffled if clinic is not first)][:8]


def _with(clinics: tuple[SimulatedClinic, ...], changed: tuple[SimulatedClinic, ...]) -> tuple[SimulatedClinic, ...]:
    by_id = {clinic.clinic_id: clinic for clinic in changed}
    return tuple(by_id.get(clinic.clinic_id, clinic) for clinic in clinics)


def _fortnight(period: Period, random: np.random.Generator) -> tuple[date, date]:
    """Ten to sixteen days off, over at least two weeks before the end: a clinic that is back is not silent."""
    first, days = int(random.integers(20, 60)), int(random.integers(10, 17))
    return period.day(first), period.day(first + days - 1)
