"""What a session says of its needles, its clock and its asking, and a plan of its points."""

from collections.abc import Iterator

from clinic_events.envelope import Envelope
from clinic_events.points import Recognition, point_flags, recognised
from clinic_events.reasons import Reason
from clinic_events.sessions import Needle, SessionCompleted
from clinic_events.treatment_plans import TreatmentPlanCreated

# How much of its depth brings a needle nearer to what lies below: one at half a right angle, one flat under the skin.
_TOWARDS_THE_LUNG = {"oblique": 0.7, "transverse": 0.0}
_ASKED = frozenset({"checklist", "open_question"})


def session_flags(_: Envelope, data: SessionCompleted) -> list[Reason]:
    flags = _count_flags(data)
    if data.started_at is not None and data.ended_at is not None and data.ended_at < data.started_at:
        flags.append(Reason("session_reversed", "/data/ended_at"))
    screened, method = data.ae_screened, data.ae_screen_method
    if screened is not None and method is not None and screened != (method in _ASKED):
        flags.append(Reason("screening_contradicts_itself", "/data/ae_screened"))
    if data.retention_min is not None and data.duration_min is not None and data.retention_min > data.duration_min:
        flags.append(Reason("retention_exceeds_session", "/data/retention_min"))
    for position, needle in enumerate(data.needles):
        known, depth, length = recognised[needle.point], needle.depth_mm, needle.length_mm
        # Nearly every needle is done with here, at the cost of a few looks.
        if needle.side not in known.ordinary_sides or (
            depth is not None and (depth > known.deepest_mm or (length is not None and depth > length))
        ):
            flags += _needle_flags(needle, known, f"/data/needles/{position}")
    for position, moxa in enumerate(data.moxibustion):
        if moxa.point is not None:
            flags += point_flags(recognised[moxa.point], moxa.side, f"/data/moxibustion/{position}")
    for position, current in enumerate(data.electrostimulation):
        for place, point in enumerate(current.points):
            flags += point_flags(
                recognised[point], current.side, f"/data/electrostimulation/{position}", f"/points/{place}"
            )
    return flags


def plan_flags(_: Envelope, data: TreatmentPlanCreated) -> Iterator[Reason]:
    for position, point in enumerate(data.points):
        yield from point_flags(recognised[point], None, "/data/points", f"/{position}")


def _count_flags(data: SessionCompleted) -> list[Reason]:
    inserted, removed = data.needles_inserted, data.needles_removed
    flags: list[Reason] = []
    if inserted is None:
        return flags
    # Clinics count press tacks among the needles, or apart.
    if removed is not None and inserted not in (removed, removed + (data.needles_left_in or 0)):
        flags.append(Reason("needles_unaccounted", "/data/needles_removed"))
    if inserted < len(data.needles):
        flags.append(Reason("needles_undercounted", "/data/needles_inserted"))
    return flags


def _needle_flags(needle: Needle, known: Recognition, path: str) -> Iterator[Reason]:
    yield from point_flags(known, needle.side, path)
    if known.is_forbidden:
        yield Reason("forbidden_point", f"{path}/point")
    if known.is_ashi and needle.region is None:
        yield Reason("ashi_without_region", f"{path}/region")
    if needle.depth_mm is None:
        return
    if needle.depth_mm * _TOWARDS_THE_LUNG.get(needle.angle or "", 1.0) > known.deepest_mm:
        yield Reason("deep_over_lung", f"{path}/depth_mm")
    if needle.length_mm is not None and needle.depth_mm > needle.length_mm:
        yield Reason("deeper_than_long", f"{path}/depth_mm")
