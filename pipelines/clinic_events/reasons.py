"""The closed vocabulary of reasons for which an event is refused or flagged."""

from dataclasses import dataclass
from typing import Literal

import msgspec


class Reason(msgspec.Struct, frozen=True, order=True):
    """Why: a code of `REASONS`, and where: a JSON pointer of names that the schema knows. Never a value."""

    code: str
    path: str


@dataclass(frozen=True)
class ReasonKind:
    """`beyond_schema`: a JSON Schema cannot say this, so an event that a schema accepts may still be refused for it."""

    code: str
    verdict: Literal["refuse", "flag"]
    decided_in: Literal["stream", "warehouse"]
    severity: Literal["critical", "major", "minor"]
    title: str
    beyond_schema: bool = False


def _refusal(code: str, title: str, *, decided_in: Literal["stream", "warehouse"] = "stream", beyond: bool = False):
    return ReasonKind(code, "refuse", decided_in, "critical", title, beyond)


def _flag(
    code: str,
    severity: Literal["critical", "major", "minor"],
    title: str,
    decided_in: Literal["stream", "warehouse"] = "stream",
):
    return ReasonKind(code, "flag", decided_in, severity, title)


REASONS: dict[str, ReasonKind] = {
    kind.code: kind
    for kind in (
        _refusal("unreadable", "The bytes are not a JSON object in UTF-8.", beyond=True),
        _refusal("too_large", "The event is larger than one mebibyte.", beyond=True),
        _refusal("missing_field", "A field that identifies the event, or that it cannot be read without, is missing."),
        _refusal("wrong_type", "A field holds another type of value than the contract says."),
        _refusal("invalid_id", "An identifier is empty or longer than the contract allows."),
        _refusal("unreadable_time", "A time or a day cannot be read.", beyond=True),
        _refusal("time_without_zone", "A time does not say its UTC offset."),
        _refusal("unknown_type", "There is no such type of event."),
        _refusal("unknown_version", "There is no such version of this type of event, or of CloudEvents."),
        _refusal("wrong_clinic", "The event names another clinic than the one whose topic it is in.", beyond=True),
        _refusal("missing_patient", "The event is about a patient and does not say which."),
        _refusal(
            "id_reused", "An earlier event has this id and says something else.", decided_in="warehouse", beyond=True
        ),
        _flag("unknown_field", "minor", "A field that the contract does not know was left out."),
        _flag("too_long", "minor", "A text was cut to the length that the contract allows."),
        _flag("unknown_code", "minor", "A code is not in its vocabulary."),
        _flag("unknown_point", "minor", "The point is not one of the network's acupuncture points."),
        _flag("out_of_range", "major", "A number lies outside what is plausible."),
        _flag("future_dated", "major", "The event is dated after the broker received it."),
        _flag("implausibly_old", "major", "The event is dated before 1990."),
        _flag("onset_after_report", "major", "An adverse event began after it was reported."),
        _flag("needles_unaccounted", "critical", "Not as many needles were taken out as were put in."),
        _flag("needles_undercounted", "major", "Fewer needles were put in than the session lists."),
        _flag("side_contradicts_point", "minor", "A point of the midline is said to lie on one side, or the reverse."),
        _flag("severe_not_serious", "critical", "Life-threatening or fatal, and not marked as serious."),
        _flag("validity_reversed", "major", "A credential ends before it begins."),
        _flag("session_unknown", "minor", "The session that an adverse event names is not there.", "warehouse"),
        _flag("licence_not_valid", "critical", "No valid credential on the day of the session.", "warehouse"),
    )
}
