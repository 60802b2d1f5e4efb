"""Whether it adds up, in words."""

from quality_dashboard.conservation_view import conservation_line, conservation_rows
from warehouse_releases.conservation import Conservation, PartitionBalance


def balance(clinic_id: str, partition: int = 0, pending: int = 0, **others) -> PartitionBalance:
    given = {
        "sent": 11 + pending,
        "accepted": 7,
        "quarantined": 2,
        "duplicates": 1,
        "erased": 1,
        "pending": pending,
    } | others
    return PartitionBalance(clinic_id, partition, **given)


def conservation(*partitions: PartitionBalance, missing: tuple[str, ...] = ()) -> Conservation:
    return Conservation(partitions, True, missing)


def test_the_partitions_of_a_clinic_are_added_up():
    row = conservation_rows(conservation(balance("a", 0), balance("a", 1, pending=3)))[0]
    assert (row.sent, row.accepted, row.quarantined, row.duplicates, row.erased, row.pending) == (25, 14, 4, 2, 2, 3)
    assert (row.level, row.verdict) == ("good", "OK, 3 events on the way")


def test_a_lost_event_is_said_with_its_partition_and_comes_first():
    lost = balance("b", 2, accepted=6, lost=((4, 4),))
    first, second = conservation_rows(conservation(balance("a"), lost))
    assert (first.clinic_id, first.level) == ("b", "bad")
    assert first.verdict.startswith("partition 2: 1 lost")
    assert second.verdict == "OK"


def test_one_partition_too_short_is_not_made_good_by_another_too_long():
    short, long = balance("a", 0, accepted=6), balance("a", 1, accepted=8)
    assert conservation_rows(conservation(short, long))[0].level == "bad"
    assert conservation_line(conservation(short, long)).level == "bad"


def test_the_sum_is_one_sentence():
    assert conservation_line(conservation(balance("a"), balance("b"))).text == "All of 22 events are accounted for."
    assert conservation_line(conservation(balance("a", sent=9))).text == "1 clinic does not add up."
    assert conservation_line(conservation()).text == "Nothing has been sent yet."


def test_a_topic_that_the_broker_does_not_have_is_wrong_even_when_nothing_else_is():
    verdict = conservation_line(conservation(balance("a"), missing=("clinic.b.events",)))
    assert (verdict.level, verdict.text) == ("bad", "topic clinic.b.events is missing from the broker.")
