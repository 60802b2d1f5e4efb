"""What is done in a session: which points, how deep, how stimulated, how long."""

from functools import cache

import numpy as np

from clinic_events.points import point_facts, recognised
from clinic_events.sessions import Needle
from clinic_events.vocabularies import vocabulary
from simulated_network.case_mix import DEPTH_MM, GENERAL_POINTS, Complaint
from simulated_network.clinics import SimulatedClinic

FEWEST_NEEDLES, MOST_NEEDLES = 6, 20
# Shares of sessions with something beyond needling (Sherman 2005: four in five visits had another modality).
TECHNIQUES = {"heat_lamp": 0.3, "cupping_dry": 0.15, "moxibustion": 0.12, "electroacupuncture": 0.12, "auricular": 0.1}
_GAUGES_MM = (0.2, 0.22, 0.25, 0.3)
_LENGTH_MM = 40.0
_STIMULATIONS = ("manual", "twirling_rotating", "lifting_thrusting", "none")
# One session in a hundred has a needle in a tender spot that is no point of any vocabulary.
_TENDER_SPOT = "ashi"


def draw_needles(
    clinic: SimulatedClinic, complaint: Complaint, electrical: bool, random: np.random.Generator
) -> list[Needle]:
    """Six to twenty needles; points on both sides get two."""
    wanted = int(np.clip(round(random.normal(12, 3)), FEWEST_NEEDLES, MOST_NEEDLES))
    points = [(point, side) for point in _points(complaint, random) for side in _sides(point)][:wanted]
    depths, feelings = random.normal(1.0, 0.2, len(points)), random.random(len(points))
    gauge = _GAUGES_MM[int(random.integers(len(_GAUGES_MM)))] if clinic.records_needle_type else None
    manual = _STIMULATIONS[int(random.integers(len(_STIMULATIONS)))]
    needles = [
        Needle(
            point=spelled(point, clinic.point_spelling),
            side=side,
            depth_mm=_depth(point, float(depth)),
            gauge_mm=gauge,
            length_mm=_LENGTH_MM if gauge else None,
            stimulation="electrical" if electrical and position < 4 else manual,
            de_qi=bool(feels < 0.7),
        )
        for position, ((point, side), depth, feels) in enumerate(zip(points, depths, feelings, strict=True))
    ]
    if random.random() < 0.01:
        needles[-1] = Needle(point=_TENDER_SPOT, depth_mm=12.0, stimulation=manual)
    return needles


def _points(complaint: Complaint, random: np.random.Generator) -> list[str]:
    """The complaint's points, most of them, the first ones most surely; then general ones."""
    order = np.argsort(np.arange(len(complaint.points)) + random.normal(0, 2.5, len(complaint.points)))
    specific = [complaint.points[number] for number in order]
    general = [GENERAL_POINTS[number] for number in random.permutation(len(GENERAL_POINTS))]
    return list(dict.fromkeys(specific[:7] + general))


def _depth(point: str, usual: float) -> float:
    """As deep as is usual in the region; over the lung never so deep that the pleura may be near."""
    depth = max(DEPTH_MM[str(point_facts(point)["region"])] * usual, 2.0)
    return round(min(depth, recognised[point].deepest_mm), 1)


@cache
def _sides(point: str) -> tuple[str, ...]:
    return ("midline",) if vocabulary("acupuncture_points")[point]["sides"] == "1" else ("left", "right")


@cache
def spelled(point: str, like: str) -> str:
    """The point in a clinic's spelling, which `like` shows by the example of ST36: `ST-36`, `St 36`, `st36`."""
    if point.startswith("EX-"):
        return point
    letters = "".join(filter(str.isalpha, point))
    styles = {"ST-36": f"{letters}-", "St 36": f"{letters.capitalize()} ", "st36": letters.lower()}
    return styles.get(like, letters) + point[len(letters) :]


def draw_techniques(random: np.random.Generator) -> list[str]:
    chances = random.random(len(TECHNIQUES))
    return [code for (code, share), chance in zip(TECHNIQUES.items(), chances, strict=True) if chance < share]
