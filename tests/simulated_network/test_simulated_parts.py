"""Rules that hold of each part of the simulation, whatever the seed."""

import re
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic_events.points import canonical_point
from clinic_events.vocabularies import codes
from simulated_network.adverse_events import (
    ELICITATION,
    SHARE_OF_SESSIONS,
    TERM_ODDS,
    Occasions,
    draw_adverse_events,
    probabilities,
)  # fmt: skip
from simulated_network.case_mix import COMPLAINTS, GENERAL_POINTS
from simulated_network.clinics import CLINICS, draw_clinics
from simulated_network.needling import spelled
from simulated_network.outcomes import within_range
from simulated_network.patients import draw_patients
from simulated_network.periods import DAYS, Period, open_days
from simulated_network.plants import cast_parts
from simulated_network.practitioners import credential_records, draw_practitioners
from simulated_network.sessions import treatment_days

PERIOD = Period(datetime(2026, 6, 30, tzinfo=UTC))
SEEDS = st.integers(0, 2**32)


@given(seed=SEEDS)
@settings(max_examples=50)
def test_twelve_clinics_have_valid_ids_of_their_own_and_ask_in_shares_that_sum_to_one(seed: int) -> None:
    clinics = draw_clinics(np.random.default_rng(seed))
    assert len({clinic.clinic_id for clinic in clinics}) == CLINICS
    assert all(re.fullmatch("[a-z0-9-]{2,40}", clinic.clinic_id) for clinic in clinics)
    assert all(set(clinic.ways_of_asking) <= codes("ae_screen_methods") for clinic in clinics)
    assert [sum(clinic.ways_of_asking.values()) for clinic in clinics] == pytest.approx([1.0] * CLINICS)


@given(seed=SEEDS)
@settings(max_examples=50)
def test_eight_clinics_get_a_part_and_four_stay_as_they_are(seed: int) -> None:
    random = np.random.default_rng(seed)
    clinics = draw_clinics(random)
    cast = cast_parts(clinics, PERIOD, random)
    named = {each.clinic_id for each in (*cast.plants, *cast.decoys)} | {cast.lapsing, cast.resending}
    changed = {new.clinic_id for new, old in zip(cast.clinics, clinics, strict=True) if new != old}
    assert len(named) == 8
    assert changed == named - {cast.lapsing, cast.resending}


@given(seed=SEEDS)
@settings(max_examples=25)
def test_patients_are_treated_on_open_days_only_and_at_most_once_a_day(seed: int) -> None:
    random = np.random.default_rng(seed)
    clinics = draw_clinics(random)
    clinic = cast_parts(clinics, PERIOD, random).clinics[int(random.integers(CLINICS))]
    calendar = np.array(open_days(clinic, PERIOD))
    for patient in draw_patients(clinic, random)[:20]:
        days = treatment_days(patient, calendar, random)
        assert days == sorted(set(days))
        assert set(days) <= set(calendar.tolist())
        assert all(0 <= day < DAYS for day in days)


@given(seed=SEEDS, lapses=st.booleans())
@settings(max_examples=50)
def test_credentials_cover_the_whole_period_except_those_that_lapse(seed: int, lapses: bool) -> None:
    random = np.random.default_rng(seed)
    clinic = draw_clinics(random)[0]
    practitioners = draw_practitioners(clinic, PERIOD, random, lapses)
    assert sum(each.lapses_on is not None for each in practitioners) == (2 if lapses else 0)
    for practitioner in practitioners:
        spans = [record.data for record in credential_records(clinic, practitioner, PERIOD)]
        covered = [any(s.valid_from <= PERIOD.day(n) <= s.valid_until for s in spans) for n in range(DAYS)]
        assert all(covered) == (practitioner.lapses_on is None)


@pytest.mark.parametrize("like", ["ST36", "ST-36", "St 36", "st36"])
def test_every_point_is_known_in_every_spelling(like: str) -> None:
    used = {point for complaint in COMPLAINTS for point in complaint.points} | set(GENERAL_POINTS)
    assert {point: canonical_point(spelled(point, like)) for point in used} == {point: point for point in used}
    assert spelled("ST36", like) == like


@given(score=st.floats(-1e6, 1e6))
def test_a_score_stays_on_its_scale(score: float) -> None:
    assert 0 <= within_range("nrs_pain", score) <= 10


@given(seed=SEEDS, ways=st.lists(st.sampled_from(sorted(ELICITATION)), min_size=50, max_size=300))
@settings(max_examples=25)
def test_probabilities_are_scaled_to_the_published_share(seed: int, ways: list[str]) -> None:
    random = np.random.default_rng(seed)
    table = probabilities(_occasions(random.gamma(3, 1 / 3, len(ways)), ways))
    assert (1 - np.prod(1 - table, axis=1)).mean() == pytest.approx(SHARE_OF_SESSIONS, rel=0.01)
    assert ((table >= 0) & (table <= 1)).all()


def test_a_checklist_multiplies_the_odds_of_what_depends_on_asking_by_six_and_of_nothing_else() -> None:
    table = probabilities(_occasions(np.ones(2), ["checklist", "open_question"]))
    odds = table / (1 - table)
    ratio = dict(zip(TERM_ODDS, odds[0] / odds[1], strict=True))
    assert ratio["fatigue"] == pytest.approx(6.0)
    assert ratio["haematoma_bruise"] == pytest.approx(1.0)


def test_a_clinic_that_reports_nothing_has_no_events_known() -> None:
    silent = Occasions(np.full(5000, 5.0), np.ones(5000), np.ones(5000), np.zeros(5000))
    assert draw_adverse_events(silent, np.random.default_rng(1)) == []


def _occasions(true_risk: np.ndarray, ways: list[str]) -> Occasions:
    elicitation = np.array([ELICITATION[way] for way in ways])
    return Occasions(true_risk, elicitation, np.ones(len(ways)), np.ones(len(ways)))
