"""Two in a hundred events are broken; each gets the refusal that its break deserves, and no other event gets any."""

from collections import Counter
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_events.reasons import REASONS
from clinic_events.verdicts import judge
from simulated_network.broken_events import BREAKS, NEVER_BROKEN, SHARE_BROKEN, Break, choose_broken
from simulated_network.occurrences import TOLD_TYPES

RECEIVED_AT = datetime(2026, 7, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def one_of_each(nothing_planted) -> dict[str, tuple[str, bytes]]:
    """A whole event of each type, with its clinic."""
    messages = {}
    for message in nothing_planted.network.messages:
        verdict = judge(message.raw, message.clinic_id, RECEIVED_AT)
        messages.setdefault(verdict.event_type, (message.clinic_id, message.raw))
        if messages.keys() == TOLD_TYPES:
            break
    return messages


@pytest.mark.parametrize("event_type", sorted(TOLD_TYPES - NEVER_BROKEN))
@pytest.mark.parametrize("kind", BREAKS, ids=lambda kind: kind.name)
def test_each_break_of_each_type_is_refused_for_its_one_reason(kind: Break, event_type: str, one_of_each) -> None:
    clinic_id, raw = one_of_each[event_type]
    verdict = judge(kind.apply(raw), clinic_id, RECEIVED_AT)
    assert verdict.status == "quarantined"
    assert {reason.code for reason in verdict.reasons} == {kind.reason}


def test_there_are_at_least_eight_kinds_and_each_earns_a_refusal_of_the_closed_vocabulary() -> None:
    assert len({kind.reason for kind in BREAKS}) >= 8
    assert {REASONS[kind.reason].verdict for kind in BREAKS} == {"refuse"}


def test_exactly_the_broken_events_are_refused(planted) -> None:
    truth = Counter(
        {(p.clinic_id, p.reason): p.amount for p in planted.network.truth.plants if p.kind == "broken_events"}
    )
    refused = Counter()
    for (clinic_id, _, reason), events in planted.refused.items():
        refused[clinic_id, reason] += events
    assert refused == truth
    assert truth.total() == round(SHARE_BROKEN * len(planted.network.messages))


def test_every_clinic_has_broken_events_of_its_own(planted) -> None:
    broken = {p.clinic_id for p in planted.network.truth.plants if p.kind == "broken_events"}
    assert broken == {clinic.clinic_id for clinic in planted.network.clinics}


def test_a_network_in_which_nothing_is_planted_is_whole(nothing_planted) -> None:
    assert not nothing_planted.refused


@given(seed=st.integers(0, 2**32), share_of_credentials=st.floats(0, 0.5))
def test_every_kind_occurs_and_no_credential_is_ever_broken(seed: int, share_of_credentials: float) -> None:
    random = np.random.default_rng(seed)
    types = np.where(
        random.random(2000) < share_of_credentials, "practitioner.credential_recorded", "session.completed"
    )
    broken = choose_broken(types.tolist(), random)
    assert set(broken.values()) == set(BREAKS)
    assert len(broken) == 40
    assert {types[position] for position in broken} == {"session.completed"}
