"""What becomes of an event that is decided again, and a plan that survives every kill."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_events.network_records import AcceptedEvent, Alert, Decided, Origin, QuarantinedEvent, encode
from clinic_events.reasons import Reason
from control_room.deciding_again.outcomes import Outcome, change_of, outcome_of, to_send
from control_room.deciding_again.plan import Part, Plan, read_plan, write_plan
from network_registry.topics import ALERTS, EVENTS, QUARANTINE, receipts_topic
from session_stream.decide import Output, Source

SOURCE = Source("north", "cluster", "clinic.north.events", "id", 0)
ACCEPTED, OTHERWISE = Outcome("accepted", 1, False), Outcome("accepted", 2, False)
REFUSED, ERASED = Outcome("quarantined", 3, False), Outcome("erased", 9, False)


@pytest.mark.parametrize(
    ("held", "today", "change"),
    [
        (None, ACCEPTED, "restored"),
        (None, REFUSED, "restored"),
        (ACCEPTED, ACCEPTED, "unchanged"),
        (ACCEPTED, OTHERWISE, "changed"),
        (REFUSED, REFUSED, "unchanged"),
        (REFUSED, ACCEPTED, "healed"),
        (ACCEPTED, REFUSED, "kept"),
        (ERASED, REFUSED, "unchanged"),
        (ERASED, ACCEPTED, "unchanged"),
    ],
)
def test_what_becomes_of_an_event(held, today, change):
    assert change_of(held, today) == change


def test_an_event_that_is_serious_by_newer_rules_has_changed():
    alerting = Outcome("accepted", 1, True)
    assert change_of(ACCEPTED, alerting) == "changed"
    assert change_of(alerting, ACCEPTED) == "unchanged"


OUTPUTS = [Output(topic, None, b"") for topic in (EVENTS, receipts_topic("north"), ALERTS)]


@pytest.mark.parametrize("change", ["unchanged", "kept"])
def test_nothing_is_passed_on_of_what_stays_as_it_was(change):
    assert to_send(change, OUTPUTS, ACCEPTED) == []


def test_nobody_is_alerted_a_second_time():
    assert to_send("healed", OUTPUTS, Outcome("quarantined", 3, True)) == OUTPUTS[:2]
    assert to_send("healed", OUTPUTS, REFUSED) == to_send("restored", OUTPUTS, None) == OUTPUTS


def test_two_decisions_are_told_apart_by_what_they_say_of_the_event():
    origin = Origin("cluster", "clinic.north.events", "id", 0, 7)
    alert = Output(ALERTS, None, encode(Alert(origin=origin, clinic_id="north", event_id="e", event_type=None,
                                              kind="serious_event", received_at=None, quarantined=True)))  # fmt: skip
    receipt = Output("receipts", None, encode(Decided(topic_id="id", partition=0, offset=7, event_id="e",
                                                      verdict="accepted", reasons=[])))  # fmt: skip

    def refused(*codes: str) -> Outcome:
        record = QuarantinedEvent(origin=origin, clinic_id="north", event_id="e", event_type=None, received_at=None,
                                  reasons=[Reason(code, "/type") for code in codes], says_serious=False,
                                  key_version=1, ciphertext=b"x", expires_at=None)  # fmt: skip
        return outcome_of([Output(QUARANTINE, None, encode(record)), receipt])

    assert refused("unknown_type") == refused("unknown_type") != refused("unknown_type", "too_large")
    assert refused().kind == "quarantined" and not refused().alerted
    accepted = {"content_hash": "a", "normaliser_version": "2", "flags": [], "facts": {}}
    of = {name: outcome_of([Output(EVENTS, None, said), alert]) for name, said in _variants(accepted).items()}
    assert len({outcome.digest for outcome in of.values()}) == len(of)
    assert all(outcome.alerted for outcome in of.values())


def _variants(accepted: dict) -> dict[str, bytes]:
    flagged = {"flags": [{"code": "out_of_range", "path": "/data"}]}
    others = {"as it is": {}, "content": {"content_hash": "b"}, "facts": {"facts": {"x": 1}}, "flags": flagged}
    return {name: msgspec.json.encode(accepted | other) for name, other in others.items()}


def test_the_outputs_of_the_stream_hold_what_is_compared():
    assert {"content_hash", "normaliser_version", "facts", "flags"} <= set(AcceptedEvent.__struct_fields__)
    assert "reasons" in QuarantinedEvent.__struct_fields__


@given(
    lengths=st.lists(st.integers(min_value=1, max_value=23_000), min_size=1, max_size=5),
    kills=st.lists(st.integers(min_value=0, max_value=4), max_size=6),
)
def test_whenever_it_is_killed_each_offset_is_decided_and_none_that_was_noted_a_second_time(
    tmp_path_factory, lengths, kills
):
    folder = tmp_path_factory.mktemp("plan")
    parts = [Part(Source("c", "k", f"t{n}", f"i{n}", 0), 10, 9 + length) for n, length in enumerate(lengths)]
    write_plan(folder, Plan("rules", False, parts))
    noted = []
    for left in (*kills, None):
        plan = read_plan(folder)
        assert plan is not None
        for number, stretch in enumerate(plan.stretches()):
            if number == left:
                break
            plan.note(stretch, {"unchanged": stretch.last - stretch.first + 1})
            write_plan(folder, plan)
            noted.append((stretch.source, stretch.first, stretch.last))
    ended = read_plan(folder)
    assert ended is not None and ended.done == ended.total == sum(lengths) == ended.counts["unchanged"]
    assert sum(last - first + 1 for _, first, last in noted) == sum(lengths)
    assert len(set(noted)) == len(noted)


def test_the_partitions_take_turns_so_that_several_processes_read_several():
    parts = [Part(Source("c", "k", f"t{n}", f"i{n}", 0), 0, 9_999) for n in range(3)]
    assert [stretch.part for stretch in Plan("rules", False, parts).stretches()] == [0, 1, 2, 0, 1, 2]


def plan(first: int = 10, last: int = 99, done: list | None = None, **changes) -> Plan:
    return msgspec.structs.replace(Plan("rules", False, [Part(SOURCE, first, last, done or [])]), **changes)


def test_a_plan_is_gone_on_with_while_retention_takes_and_the_stream_goes_on():
    kept = plan(done=[(10, 19)], counts={"unchanged": 8, "healed": 2})
    assert kept.goes_on_with(plan(first=30, last=500))


@pytest.mark.parametrize(
    ("why", "kept"),
    [
        ("before the beginning", plan(first=-10)),
        ("behind what is committed", plan(last=100)),
        ("backwards", plan(first=50, last=20)),
        ("of nothing", plan(parts=[])),
        ("done outside of itself", plan(done=[(-1000, 20)], counts={"unchanged": 1021})),
        ("counts that do not add up", plan(done=[(10, 19)], counts={"unchanged": 5})),
        ("less than nothing", plan(done=[(10, 19)], counts={"unchanged": 15, "healed": -5})),
        ("with other rules", plan(code="newer")),
        ("a dry run", plan(dry_run=True)),
        ("another topic", plan(parts=[Part(Source("c", "k", "t", "other", 0), 10, 99)])),
    ],
)
def test_a_plan_is_made_anew_when_the_one_that_is_there_is(why, kept):
    assert not kept.goes_on_with(plan()), why


def test_a_plan_that_cannot_be_read_is_none(tmp_path):
    assert read_plan(tmp_path) is None
    (tmp_path / "plan.json").write_text("{")
    assert read_plan(tmp_path) is None
