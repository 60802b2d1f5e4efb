"""Each measure, asked for as analysts ask, is what counting the rows of core one by one gives."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from statistics import fmean, median
from typing import Any

import pytest

from data_dictionary.measures import find_measure

pytestmark = pytest.mark.xdist_group("marts")

AS_OF = datetime(2026, 7, 1)
ASKING = {True: "asked", False: "not_asked", None: "not_recorded"}
Row = dict[str, Any]
Figures = dict[tuple, float]


def agreeing(rows, model: str, purpose: str) -> list[Row]:
    """The rows of a core model but those of patients who withdrew from the purpose."""
    withdrawn = rows("select clinic_id, patient_id from core.consent_withdrawals where purpose = ?", purpose)
    left = {(row["clinic_id"], row["patient_id"]) for row in withdrawn}
    return [row for row in rows(f"from core.{model}") if person(row) not in left]


def person(row: Row) -> tuple[str, str]:
    return row["clinic_id"], row["patient_id"]


def visit(row: Row) -> tuple[str, ...]:
    return (*person(row), row["session_id"])


@pytest.fixture(scope="module")
def sessions(rows) -> dict[tuple, Row]:
    """Those whose ascertainment window is over, with their adverse events."""
    held = agreeing(rows, "sessions", "quality_and_safety")
    # Compared in SQL: the hostile events of another file have moments that Python cannot say.
    over = rows("select clinic_id, patient_id, session_id from core.sessions where ascertained_at <= ?", AS_OF)
    closed = {visit(row) for row in over}
    found = {visit(row): {**row, "events": []} for row in held if visit(row) in closed}
    for event in adverse_events(rows):
        if visit(event) in found:
            found[visit(event)]["events"].append(event)
    return found


def adverse_events(rows) -> list[Row]:
    events = agreeing(rows, "adverse_events", "quality_and_safety")
    return [event for event in events if not event["is_positive_reaction"]]


def ways_of_asking(sessions: dict[tuple, Row]) -> dict[tuple[str, str], list[Row]]:
    """By whether and how they asked; `all` takes the ways of asking together."""
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for session in sessions.values():
        for method in (session["ae_screen_method"], "all"):
            found[ASKING[session["ae_asked"]], method].append(session)
    return found


def measured(rows, name: str, by: str | None = None) -> Figures:
    """The measure by what names its rows; what is not applicable is left out."""
    measure = find_measure(name)
    found = rows(measure.statement(by, "officer"))
    assert found, "the network tells nothing of it"
    figures = {tuple(row[column] for column in measure.named(by)): row[measure.value] for row in found}
    assert len(figures) == len(found)
    return {key: value for key, value in figures.items() if value is not None}


def over_sessions(sessions: dict[tuple, Row], figure) -> Figures:
    return {key: figure(held) for key, held in ways_of_asking(sessions).items()}


def test_adverse_events_per_1000_sessions(rows, sessions) -> None:
    expected = over_sessions(sessions, lambda held: 1000 * sum(len(one["events"]) for one in held) / len(held))
    assert measured(rows, "adverse_events_per_1000_sessions") == pytest.approx(expected)
    assert any(expected.values())


def test_a_measure_may_be_divided_by_clinic(rows, sessions) -> None:
    expected = {
        (*asking, clinic): 1000 * sum(len(one["events"]) for one in held) / len(held)
        for asking, everyone in ways_of_asking(sessions).items()
        for clinic in {one["clinic_id"] for one in everyone}
        if (held := [one for one in everyone if one["clinic_id"] == clinic])
    }
    assert measured(rows, "adverse_events_per_1000_sessions", "clinic_id") == pytest.approx(expected)


def test_sessions_with_adverse_event(rows, sessions) -> None:
    expected = over_sessions(sessions, lambda held: sum(bool(one["events"]) for one in held) / len(held))
    assert measured(rows, "sessions_with_adverse_event") == pytest.approx(expected)


def test_patients_with_adverse_event(rows, sessions) -> None:
    def share(held: list[Row]) -> float:
        return len({person(one) for one in held if one["events"]}) / len({person(one) for one in held})

    assert measured(rows, "patients_with_adverse_event") == pytest.approx(over_sessions(sessions, share))


def test_adverse_events_per_10000_needles(rows, sessions) -> None:
    counted = {key: one for key, one in sessions.items() if one["needles"] is not None}
    expected = {
        key: 10_000 * sum(len(one["events"]) for one in held) / needles
        for key, held in ways_of_asking(counted).items()
        if (needles := sum(one["needles"] for one in held))
    }
    assert measured(rows, "adverse_events_per_10000_needles") == pytest.approx(expected)


def test_serious_events_per_10000_sessions(rows, sessions) -> None:
    asked, serious = Counter(), Counter()
    for session in sessions.values():
        quarter = date(session["month"].year, 3 * ((session["month"].month - 1) // 3) + 1, 1)
        asked[quarter,] += bool(session["ae_asked"])
        serious[quarter,] += bool(session["ae_asked"]) * sum(event["is_serious"] for event in session["events"])
    expected = {key: 10_000 * serious[key] / number for key, number in asked.items() if number}
    assert measured(rows, "serious_events_per_10000_sessions") == pytest.approx(expected)
    assert any(expected.values())


def test_side_effects_per_1000_sessions(rows, sessions) -> None:
    counted = Counter((event["term"], event["severity"]) for one in sessions.values() for event in one["events"])
    found = measured(rows, "side_effects_per_1000_sessions")
    assert {key: value for key, value in found.items() if value} == pytest.approx(
        {key: 1000 * events / len(sessions) for key, events in counted.items()}
    )


def test_side_effects_by_technique(rows, sessions) -> None:
    used: dict[tuple, list[str]] = defaultdict(list)
    for row in rows("from core.session_techniques"):
        used[visit(row)].append(row["technique"])
    exposed, events = Counter(), Counter()
    for key, session in sessions.items():
        for technique in used.get(key, ["none"]) if session["ae_asked"] else ():
            exposed[technique] += 1
            events.update((technique, event["term"]) for event in session["events"])
    found = measured(rows, "side_effects_by_exposure")
    shown = {key[1:]: value for key, value in found.items() if key[0] == "technique" and value}
    assert shown == pytest.approx({key: 1000 * number / exposed[key[0]] for key, number in events.items()})
    assert {technique for technique, _ in events} >= {"none", "needling", "plum_blossom"}


def test_onset_of_adverse_events(rows, sessions) -> None:
    linked = agreeing(rows, "sessions", "quality_and_safety")
    open_ones = {visit(row) for row in linked} - sessions.keys()
    timed = [e for e in adverse_events(rows) if e["onset_hours"] is not None and visit(e) not in open_ones]
    of_term = Counter(event["term"] for event in timed)
    before = Counter(event["term"] for event in timed if event["onset_hours"] < 0)
    on_first_day = Counter(event["term"] for event in timed if 0 <= event["onset_hours"] < 24)
    found = measured(rows, "onset_of_adverse_events")
    for term, number in of_term.items():
        shares = {onset: value for (named, onset), value in found.items() if named == term}
        assert sum(shares.values()) == pytest.approx(1)
        assert shares.get("before_session", 0) == pytest.approx(before[term] / number)
        same_day = sum(shares.get(onset, 0) for onset in ("during", "0_to_1_hours", "1_to_24_hours"))
        assert same_day == pytest.approx(on_first_day[term] / number)
    assert of_term


def test_adverse_events_reported_by_day(rows) -> None:
    days = {visit(row): row["local_date"] for row in rows("from core.sessions")}
    delays: dict[str, list[int]] = defaultdict(list)
    for event in adverse_events(rows):
        delay = event["reporting_delay_days"]
        if delay is not None and -1 <= delay <= (AS_OF.date() - days[visit(event)]).days:
            delays[event["ae_screen_method"]].append(delay)
    found = measured(rows, "adverse_events_reported_by_day")
    assert {method for method, _ in found} == delays.keys()
    expected = {(m, n): fmean(delay <= n for delay in delays[m]) for m, n in found}
    assert found == pytest.approx(expected)


def test_positive_reactions(rows, sessions) -> None:
    events = agreeing(rows, "adverse_events", "quality_and_safety")
    with_reaction = {(event["term"], visit(event)) for event in events if event["is_positive_reaction"]}
    asked = Counter(session["ae_screen_method"] for session in sessions.values())
    counted = Counter(
        (term, sessions[key]["ae_screen_method"]) for term, key in with_reaction if key in sessions
    )  # fmt: skip
    expected = {key: number / asked[key[1]] for key, number in counted.items()}
    assert measured(rows, "positive_reactions") == pytest.approx(expected)


@pytest.mark.parametrize(
    ("name", "column"), [("needles_per_session", "needles"), ("retention_minutes", "retention_min")]
)
def test_dose_of_a_session(rows, name: str, column: str) -> None:
    known = [one for one in agreeing(rows, "sessions", "benchmarking") if one[column] is not None]
    assert measured(rows, name) == pytest.approx(_medians(rows, known, column))


def test_sessions_per_episode(rows) -> None:
    held: dict[tuple, list[Row]] = defaultdict(list)
    for one in agreeing(rows, "sessions", "benchmarking"):
        held[(*person(one), one["episode_id"])].append(one)
    # Three months without a session end an episode.
    ended_before = AS_OF.date() - timedelta(days=90)
    ended = [
        {**min(held[key], key=lambda one: one["session_number"]), "length": len(held[key])}
        for row in rows("from core.episodes")
        if (key := (*person(row), row["episode_id"])) in held
        and (row["closed_on"] or max(one["local_date"] for one in held[key]) < ended_before)
    ]
    assert measured(rows, "sessions_per_episode") == pytest.approx(_medians(rows, ended, "length"))


def _medians(rows, known: Iterable[Row], column: str) -> Figures:
    styles = {row["code"] for row in rows("from vocabularies.styles")}
    values: dict[tuple, list[float]] = defaultdict(list)
    for one in known:
        style = one["style"] if one["style"] in styles else "unlisted" if one["style"] else "not_recorded"
        values[one["condition_group"], style].append(one[column])
    return {key: median(each) for key, each in values.items()}


def test_sessions_with_point(rows) -> None:
    group = {visit(one): one["condition_group"] for one in agreeing(rows, "sessions", "benchmarking")}
    used = {(visit(needle), needle["point_code"]) for needle in rows("from core.needles") if needle["point_code"]}
    counted = Counter((group[key], point) for key, point in used if key in group)
    sessions = Counter(group.values())
    expected = {key: number / sessions[key[0]] for key, number in counted.items()}
    assert measured(rows, "sessions_with_point") == pytest.approx(expected)


def test_goals_reached(rows) -> None:
    listed = {row["code"] for row in rows("from vocabularies.goals")}
    last: dict[tuple, int] = {}
    judged = agreeing(rows, "goal_attainments", "benchmarking")
    for row in sorted(judged, key=lambda row: (row["judged_on"], row["said_order"])):
        last[(*person(row), row["goal"] if row["goal"] in listed else "unlisted")] = row["attainment"]
    by_goal: dict[tuple, list[int]] = defaultdict(list)
    for (*_, goal), attainment in last.items():
        by_goal[goal,].append(attainment)
    expected = {goal: fmean(each >= 0 for each in judgements) for goal, judgements in by_goal.items()}
    assert measured(rows, "goals_reached") == pytest.approx(expected)
