"""The part of an event that the network keeps, and its hash: two deliveries of one event must hash alike."""

import hashlib
import re
from datetime import datetime
from typing import NamedTuple

import msgspec

from clinic_events.enrich import enrich
from clinic_events.envelope import Envelope, Record
from clinic_events.patients import PatientMerged
from clinic_events.practitioners import CredentialRecorded
from network_registry.pseudonyms import patient_pseudonym
from session_stream.pseudonyms import StreamKeys, credential_key

# W3C Trace Context, version 00. Anything else in its place may be anything, and is not kept.
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")

_encode = msgspec.json.Encoder().encode


class Content(NamedTuple):
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


def content_of(event: Envelope, patient_id: str | None, data: Record, keys: StreamKeys, clinic_id: str) -> Content:
    """What is kept of an event, in which references and credential numbers have given way to their keyed hashes."""
    if isinstance(data, CredentialRecorded):
        number = credential_key(keys.network, data.issuer, data.number)
        return _without(event, patient_id, data, "number", {"credential_key": number})
    if isinstance(data, PatientMerged):
        former = patient_pseudonym(keys.pseudonym, clinic_id, data.former_reference)
        return _without(event, patient_id, data, "former_reference", {"former_patient_id": former})
    kept = _encode(data)
    return Content(kept, enrich(data), content_hash(event, patient_id, kept))


def _without(event: Envelope, patient_id: str | None, data: Record, name: str, facts: dict[str, str]) -> Content:
    """The content of `data` without the field `name`, whose keyed hash is one of the facts."""
    fields = msgspec.to_builtins(data)
    del fields[name]
    kept, known = _encode(fields), _encode(facts)
    return Content(kept, known, content_hash(event, patient_id, kept + known))


def content_hash(event: Envelope, patient_id: str | None, kept: bytes) -> str:
    """SHA-256, in hexadecimal, of what is kept: type, version, pseudonym, time and data; and what it corrects, and
    whether it is a test, where it says so.

    The order of keys, white space, nulls, `12` for `12.0` and unknown fields do not change it, for `kept` is written
    after reading, field by field in the contract's order; nor does a new vocabulary, for it is taken before enrichment.
    Nothing in it can be guessed back: reference and credential number went through a keyed hash first.
    """
    identity = _Identity(
        event.type, event.schemaversion, patient_id, event.time, event.supersedes, event.testdata is True
    )
    return hashlib.sha256(_encode(identity) + kept).hexdigest()


def kept_traceparent(given: str | None) -> str | None:
    return given if given is not None and _TRACEPARENT.fullmatch(given) else None
