"""The clinics of the network: their names, sizes, hours, ways of asking, and how safe they truly are."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

CLINICS = 12

# Which way of asking a clinic mostly uses. Several clinics share each, so that like can be compared with like.
MAIN_WAYS_OF_ASKING = ("checklist",) * 3 + ("open_question",) * 6 + ("spontaneous",) * 3
# What the rest of a clinic's sessions are shared out over, by its main way.
OTHER_WAYS_OF_ASKING = {
    "checklist": {"open_question": 0.7, "spontaneous": 0.2, "not_asked": 0.1},
    "open_question": {"checklist": 0.35, "spontaneous": 0.35, "not_asked": 0.3},
    "spontaneous": {"open_question": 0.6, "not_asked": 0.4},
}

# Gamma shapes: clinics differ in what truly happens (coefficient of variation 0.13) and in how much is brought up
# when patients are asked (0.18). Terms that do not depend on asking know only the first.
TRUE_RISK_SHAPE = 60.0
ELICITATION_SHAPE = 30.0

_PLACES = (
    "Willow", "Harbour", "Northgate", "Old Mill", "Elm Park", "Riverside", "Kingsway", "Lakeside", "St Anne", "Meadow",
    "Castle Hill", "Bridge Street", "Orchard", "Highfield", "Station Road", "Abbey", "Queensway", "Linden", "Foundry",
    "Market Square", "Chapel Lane", "Cedar", "Seaview", "Weavers",
)  # fmt: skip
_KINDS = ("Acupuncture", "Clinic", "Practice", "Health Centre")
_TIMEZONES = ("Europe/London", "Europe/Berlin", "Europe/Dublin", "America/New_York", "America/Chicago")
_SPELLINGS = ("ST36", "ST-36", "St 36", "st36")


@dataclass(frozen=True)
class SimulatedClinic:
    """One clinic. `true_risk` and `elicitation` multiply odds; `risk_ratio` and `share_reported` are 1 unless planted.

    `closed` are days that fall out of the calendar, first and last inclusive.
    """

    clinic_id: str
    name: str
    timezone: str
    patients: int
    practitioners: int
    weekdays: tuple[int, ...]
    ways_of_asking: dict[str, float]
    true_risk: float
    elicitation: float
    point_spelling: str
    records_needle_type: bool
    risk_ratio: float = 1.0
    share_reported: float = 1.0
    closed: tuple[tuple[date, date], ...] = ()


def ways_of_asking(main: str, share: float) -> dict[str, float]:
    """The share of sessions per way of asking, when the clinic's main way makes up `share` of them."""
    others = {way: weight * (1 - share) for way, weight in OTHER_WAYS_OF_ASKING[main].items()}
    return {main: share, **others}


def draw_clinics(random: np.random.Generator) -> tuple[SimulatedClinic, ...]:
    """Twelve ordinary clinics, in an order that says nothing about them."""
    names = random.permutation(_PLACES)[:CLINICS]
    mains = random.permutation(MAIN_WAYS_OF_ASKING)
    return tuple(_draw_clinic(str(name), str(main), random) for name, main in zip(names, mains, strict=True))


def _draw_clinic(place: str, main: str, random: np.random.Generator) -> SimulatedClinic:
    name = f"{place} {random.choice(_KINDS)}"
    return SimulatedClinic(
        clinic_id=name.lower().replace(" ", "-"),
        name=name,
        timezone=str(random.choice(_TIMEZONES)),
        patients=int(random.integers(320, 441)),
        practitioners=int(random.integers(7, 12)),
        weekdays=(0, 1, 2, 3, 4, 5) if random.random() < 0.3 else (0, 1, 2, 3, 4),
        ways_of_asking=ways_of_asking(main, float(random.uniform(0.6, 0.85))),
        true_risk=float(random.gamma(TRUE_RISK_SHAPE, 1 / TRUE_RISK_SHAPE)),
        elicitation=float(random.gamma(ELICITATION_SHAPE, 1 / ELICITATION_SHAPE)),
        point_spelling=str(random.choice(_SPELLINGS)),
        records_needle_type=bool(random.random() < 0.45),  # as often as trials do (STRICTA item 2g)
    )


def main_way_of_asking(clinic: SimulatedClinic) -> str:
    return max(clinic.ways_of_asking, key=clinic.ways_of_asking.__getitem__)


def closed_between(clinic: SimulatedClinic, first: date, last: date) -> SimulatedClinic:
    return replace(clinic, closed=(*clinic.closed, (first, last)))
