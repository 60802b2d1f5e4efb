"""What an instrument can give, and a measurement."""

from collections.abc import Iterator

from clinic_events.envelope import Envelope
from clinic_events.outcomes import MeasurementRecorded, OutcomeRecorded
from clinic_events.reasons import Reason
from clinic_events.vocabularies import ranges

_ANYTHING = (float("-inf"), float("inf"))


def score_flags(_: Envelope, data: OutcomeRecorded) -> Iterator[Reason]:
    lowest, highest = ranges("outcome_instruments").get(data.instrument, _ANYTHING)
    if not lowest <= data.value <= highest:
        yield Reason("out_of_range", "/data/value")


def measurement_flags(_: Envelope, data: MeasurementRecorded) -> Iterator[Reason]:
    lowest, highest = ranges("measurements").get(data.code, _ANYTHING)
    if not lowest <= data.value <= highest:
        yield Reason("out_of_range", "/data/value")
