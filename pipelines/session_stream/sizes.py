"""How large a record of each topic may be, and what is left of reasons that would not fit."""

from collections.abc import Iterable
from functools import cache

from clinic_events.reasons import Reason
from clinic_events.resources import bundled
from network_registry.topics import NETWORK_TOPICS, topic_specs

# Kafka's own default, which holds for a topic that does not set `max.message.bytes`.
_DEFAULT_BYTES = 1_048_588
# Batch header, record header and key. The broker measures after compression, we before: that errs to the safe side.
_FRAMING_BYTES = 1024


def fits(topic: str, value: bytes) -> bool:
    """Whether the broker takes `value` as a record of `topic`."""
    return len(value) <= largest_value(topic)


@cache
def largest_value(topic: str) -> int:
    kind = topic if topic in NETWORK_TOPICS else "clinic.{clinic_id}.receipts"
    config = topic_specs(bundled("schemas"))[kind].config
    return int(config.get("max.message.bytes", _DEFAULT_BYTES)) - _FRAMING_BYTES


def one_per_code(reasons: Iterable[Reason]) -> list[Reason]:
    """The first reason of each code: there are few codes, while an event of a mebibyte can have 300,000 reasons."""
    first: dict[str, Reason] = {}
    for reason in reasons:
        first.setdefault(reason.code, reason)
    return list(first.values())
