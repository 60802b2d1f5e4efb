"""Measures of outcomes, plans and completeness are what counting the rows under them one by one gives."""

from collections import Counter, defaultdict
from statistics import fmean
from typing import Any

import numpy as np
import pytest

from data_dictionary.measures import find_measure

pytestmark = pytest.mark.xdist_group("marts")

Row = dict[str, Any]
MONTHS = {"month_1": 1, "month_2": 2, "month_3": 3, "month_6": 6, "month_12": 12}


def measured(rows, name: str) -> dict[tuple, float]:
    """The measure by what names its rows; what is not applicable is left out."""
    measure = find_measure(name)
    found = rows(measure.statement(tier="officer"))
    figures = {tuple(row[column] for column in measure.grain): row[measure.value] for row in found}
    return {key: value for key, value in figures.items() if value is not None}


@pytest.fixture(scope="module")
def due(rows) -> dict[tuple, list[Row]]:
    """Each baseline at each month that is due, scored or not, by what names a row of the measures."""
    found: dict[tuple, list[Row]] = defaultdict(list)
    for row in rows("from evidence.month_scores where is_due"):
        if row["landmark"] in MONTHS:
            found[row["instrument"], MONTHS[row["landmark"]], "all"].append(row)
    return found


def test_mean_change_from_baseline(rows, due) -> None:
    changes = {key: [one["value"] - one["baseline"] for one in held if one["value"] is not None]
               for key, held in due.items()}  # fmt: skip
    expected = {key: fmean(each) for key, each in changes.items() if each}
    assert measured(rows, "mean_change_from_baseline") == pytest.approx(expected)


def test_responders(rows, due) -> None:
    """Over all with a baseline that leaves room: who has no score is no responder."""
    instruments = {row["code"]: row for row in rows("from vocabularies.outcome_instruments")}
    responded = {
        (row["patient_key"], row["instrument"], row["month"])
        for row in rows("from core.outcome_changes where is_responder")
    }
    expected = {}
    for (instrument, month, stratum), held in due.items():
        if instruments[instrument]["responder_rule"] == "none":
            continue
        with_room = [one for one in held if _leaves_room(instruments[instrument], one["baseline"])]
        hits = [(one["patient_key"], instrument, month) in responded for one in with_room]
        if hits:
            expected[instrument, month, stratum] = fmean(hits)
    assert measured(rows, "responders") == pytest.approx(expected)
    assert any(expected.values())


def _leaves_room(instrument: Row, baseline: float) -> bool:
    low = instrument["better"] == "low"
    room = baseline - instrument["minimum"] if low else instrument["maximum"] - baseline
    return room >= (instrument["smallest_important_change"] or 0)


def test_difference_between_arms(rows) -> None:
    """By least squares of score on arm and baseline: in these studies nothing else is recorded that varies."""
    found = measured(rows, "difference_between_arms")
    assert found.keys() == {("better-low", "needles", "nrs_pain", 3), ("better-high", "needles", "who5", 3)}
    for (study, arm, instrument, month), difference in found.items():
        scores = rows(
            "from core.outcome_changes where study = ? and instrument = ? and month = ?", study, instrument, month
        )
        design = np.array([[1, one["arm"] != arm, one["baseline"]] for one in scores], float)
        fitted = np.linalg.lstsq(design, np.array([one["value"] for one in scores]), rcond=None)[0]
        assert difference == pytest.approx(fitted[1])


def test_stricta_items_said(rows) -> None:
    needling_only = {row["item"] for row in rows("from vocabularies.stricta_reporting where needling_only")}
    said: dict[tuple, list[bool]] = defaultdict(list)
    withdrawn = "from core.consent_withdrawals where purpose = 'quality_and_safety'"
    for row in rows(f"from core.session_stricta anti join ({withdrawn}) using (clinic_id, patient_id)"):
        for column, value in row.items():
            item = column.removeprefix("item_")
            if item != column and (row["is_needling"] or item not in needling_only):
                said[row["clinic_id"], item].append(bool(value))
    assert measured(rows, "stricta_items_said") == pytest.approx({key: fmean(each) for key, each in said.items()})


def test_planned_sessions_held(rows) -> None:
    planned, held = Counter(), Counter()
    for row in rows("from evidence.plan_adherence"):
        if row["sessions_planned"] is not None:
            planned[row["condition_group"], row["plan_version"]] += row["sessions_planned"]
            held[row["condition_group"], row["plan_version"]] += row["sessions_done"]
    expected = {key: held[key] / number for key, number in planned.items() if number}
    assert measured(rows, "planned_sessions_held") == pytest.approx(expected)
