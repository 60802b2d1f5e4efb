"""The part of an event that the network keeps, and its hash: two deliveries of one event must hash alike."""

import hashlib
import re
from collections.abc import Iterable
from datetime import datetime

import msgspec

from clinic_events.enrich import enrich
from clinic_events.envelope import Envelope, Record
from clinic_events.patients import PatientMerged
from clinic_events.practitioners import CredentialRecorded
from clinic_events.reasons import Reason
from network_registry.pseudonyms import patient_pseudonym
from session_stream.masking import kept_identifier, without_personal_text
from session_stream.pseudonyms import StreamKeys, credential_key

# W3C Trace Context, version 00. Anything else in its place may be anything, and is not kept.
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")

_encode = msgspec.json.Encoder().encode


class Content(msgspec.Struct, frozen=True, gc=False):
    """`data` as it may be kept, and the `facts` beside it, both JSON objects; `content_hash` is of what was said."""

    data: bytes
    facts: bytes
    content_hash: str


class _Identity(msgspec.Struct, frozen=True, omit_defaults=True):
    type: str
    version: int
    patient_id: str | None
    time: datetime
    supersedes: str | None = None
    is_test: bool = False


def content_of(
    event: Envelope, patient_id: str | None, data: Record, reasons: Iterable[Reason], keys: StreamKeys, clinic_id: str
) -> Content:
    """What is kept of an event, in which references, credential numbers and masked text have given way to their keyed
    hashes. `reasons` are all that it was flagged for."""
    kept = without_personal_text(keys.network, clinic_id, data, _encode(data), reasons)
    supersedes = event.supersedes and kept_identifier(keys.network, clinic_id, event.supersedes)
    identity = _identity(event, patient_id, supersedes)
    if isinstance(data, CredentialRecorded):
        number = credential_key(keys.network, data.issuer, data.number)
        return _without(identity, kept, "number", {"credential_key": number})
    if isinstance(data, PatientMerged):
        former = patient_pseudonym(keys.pseudonym, clinic_id, data.former_reference)
        return _without(identity, kept, "former_reference", {"former_patient_id": former})
    return Content(kept, enrich(data), content_hash(identity, kept))


def _without(identity: _Identity, kept: bytes, name: str, facts: dict[str, str]) -> Content:
    """The content without the field `name`, whose keyed hash is one of the facts."""
    fields = msgspec.json.decode(kept)
    del fields[name]
    without, known = _encode(fields), _encode(facts)
    return Content(without, known, content_hash(identity, without + known))


def content_hash(identity: _Identity, kept: bytes) -> str:
    """SHA-256, in hexadecimal, of what is kept: type, version, pseudonym, time and data; and what it corrects, and
    whether it is a test, where it says so.

    The order of keys, white space, nulls, `12` for `12.0` and unknown fields do not change it, for `kept` is written
    after reading, field by field in the contract's order; nor does a new vocabulary, for it is taken before enrichment,
    unless a code becomes known that was masked before. Nothing in it can be guessed back: reference, credential number
    and masked text went through a keyed hash first.
    """
    return hashlib.sha256(_encode(identity) + kept).hexdigest()


def _identity(event: Envelope, patient_id: str | None, supersedes: str | None) -> _Identity:
    return _Identity(event.type, event.schemaversion, patient_id, event.time, supersedes, event.testdata is True)


def kept_traceparent(given: str | None) -> str | None:
    return given if given is not None and _TRACEPARENT.fullmatch(given) else None
