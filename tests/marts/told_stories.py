"""Stories of two small clinics as `Network.say` takes them, in random order: people and ids are so few that what is
told often concerns what was told before."""

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

CLINICS = {"ash": "Europe/Berlin", "birch": "America/New_York"}
EVENTS = 60

Told = dict[str, Any]


def story(rng: Random) -> Iterator[Told]:
    planned = [(rng.choice(_OFTEN), rng.choice(["ash", "ash", "birch"])) for _ in range(EVENTS)]
    for number, (event_type, clinic) in enumerate(planned):
        alike = [f"e{other}" for other, plan in enumerate(planned) if plan == (event_type, clinic) and other != number]
        here = [f"e{other}" for other, plan in enumerate(planned) if plan[1] == clinic]
        anything = [f"e{rng.randrange(EVENTS)}", "never-sent"]
        said = _DATA[event_type](rng)
        yield {
            "clinic": clinic,
            "event_type": event_type,
            "data": {**said, "event_id": rng.choice(here)} if event_type == _RETRACTED else said,
            "at": f"2025-0{rng.randint(1, 6)}-{rng.choice([1, 10, 28]):02}T{rng.choice([3, 9, 23]):02}:00:00+00:00",
            "patient": None if event_type in _ABOUT_NOBODY else _patient(rng),
            "event_id": anything[0] if _seldom(rng) else f"e{number}",
            "facts": {"credential_key": rng.choice("kl")} if event_type == _CREDENTIAL else None,
            "is_test": _seldom(rng),
            "supersedes": rng.choice(alike or anything) if rng.random() < 0.2 else _or_none(rng, anything, 0.04),
            "recorded": _or_none(rng, ["2025-07-01T00:00:00+00:00", "2025-08-01T00:00:00+00:00"], 0.2),
            "source": _or_none(rng, [("a", 0, rng.randint(0, 2)), ("b", 1, rng.randint(0, 2))], 0.5),
        }


def _seldom(rng: Random) -> bool:
    return rng.random() < 0.04


def _or_none(rng: Random, values: list[Any], often: float = 0.5) -> Any:
    return rng.choice(values) if rng.random() < often else None


def _patient(rng: Random) -> str:
    return f"p{rng.randint(1, 8)}"


def _session_id(rng: Random) -> str:
    return f"s{rng.randint(1, 9)}"


def _session(rng: Random) -> Told:
    needles = [{"point": rng.choice(["LI4", "ST36", "?"]), "lot": _or_none(rng, ["L1"]), "depth_mm": 10}]
    return {
        "session_id": _session_id(rng),
        "practitioner_id": _or_none(rng, ["x", "y"], 0.9),
        "episode_id": _or_none(rng, ["ep1", "ep2"]),
        "plan_id": _or_none(rng, ["pl1", "pl2"]),
        "needles": needles * rng.randint(0, 2),
        "techniques": rng.choice([[], ["electroacupuncture"], ["something else"]]),
        "ae_screen_method": rng.choice(["checklist", "not_asked"]),
    }


def _plan(rng: Random) -> Told:
    named = {"plan_id": rng.choice(["pl1", "pl2"]), "episode_id": _or_none(rng, ["ep1", "ep2"])}
    return {**named, "planned_sessions": rng.randint(4, 6)}


def _credential(rng: Random) -> Told:
    return {
        "practitioner_id": rng.choice("xy"),
        "credential": rng.choice(["licence", "licence", "degree"]),
        "issuer": "board",
        "status": rng.choice(["active", "active", "suspended"]),
        "practising_since_year": _or_none(rng, [2001, 2011]),
        "valid_from": rng.choice(["2025-01-01", "2025-03-01"]),
        "valid_until": _or_none(rng, ["2025-04-01"]),
    }


def _report(rng: Random) -> Told:
    said = {"term": rng.choice(["nausea", "haematoma_bruise"]), "case_id": rng.choice(["c1", "c2"])}
    return {**said, "session_id": _or_none(rng, [_session_id(rng)], 0.8), "serious": _or_none(rng, [True, False])}


def _enrolment(rng: Random) -> Told:
    return {"birth_year": rng.choice([1950, 1980]), "already_in_care": rng.choice([True, False, None])}


def _assessment(rng: Random) -> Told:
    conditions = [{"code": rng.choice(["asthma", "migraine", "?"])}] * rng.randint(0, 1)
    return {"conditions": conditions, "pregnant": rng.choice([True, False, None]), "episode_id": _or_none(rng, ["ep1"])}


def _received(rng: Random) -> Told:
    return {"lot": "L1", "manufacturer": "maker", "sterile_until": rng.choice(["2025-03-01", "2026-01-01"])}


_CREDENTIAL, _RETRACTED = "practitioner.credential_recorded", "event.retracted"
_DATA: dict[str, Callable[[Random], Told]] = {
    "session.completed": _session,
    "patient.enrolled": _enrolment,
    "assessment.completed": _assessment,
    "treatment_plan.created": _plan,
    "treatment_plan.revised": _plan,
    _CREDENTIAL: _credential,
    "adverse_event.reported": _report,
    "adverse_event.followed_up": lambda rng: {"case_id": rng.choice(["c1", "c2"]), "serious": rng.random() < 0.5},
    "outcome.recorded": lambda rng: {"instrument": "nrs_pain", "value": rng.randint(0, 10)},
    "goal_attainment.recorded": lambda rng: {"goal": "sleep", "plan_id": "pl1", "attainment": rng.randint(-2, 2)},
    "consent.withdrawn": lambda rng: {"purposes": [rng.choice(["research", "quality_and_safety"])]},
    "consent.given": lambda rng: {"purposes": ["research", "quality_and_safety"]},
    "episode.closed": lambda rng: {"episode_id": rng.choice(["ep1", "ep2"]), "reason": "goal_reached"},
    "needle_lot.received": _received,
    "needle_lot.recalled": lambda rng: {"lot": "L1", "manufacturer": "maker"},
    "patient.merged": lambda rng: {"former_patient_id": _patient(rng)},
    _RETRACTED: lambda rng: {"reason": "entered_in_error"},
}
_OFTEN = [*_DATA, *["session.completed"] * 10, *[_RETRACTED] * 3, "patient.merged", _CREDENTIAL]
_ABOUT_NOBODY = (_CREDENTIAL, "needle_lot.received", "needle_lot.recalled", _RETRACTED)
