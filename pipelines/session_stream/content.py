"""The part of an event that the network keeps, and its hash: two deliveries of one event must hash alike."""

import hashlib
from datetime import datetime

import msgspec

from clinic_events.envelope import Envelope, Record
from clinic_events.practitioners import CredentialRecorded
from network_registry.keys import Key
from session_stream.pseudonyms import credential_key

_canonical = msgspec.json.Encoder(order="sorted")


class _Content(msgspec.Struct, frozen=True):
    type: str
    version: int
    patient_id: str | None
    time: datetime
    data: Record


def kept_data(data: Record, network_key: Key) -> Record:
    """`data` as it may be kept: a credential's number gives way to its keyed hash."""
    if isinstance(data, CredentialRecorded):
        return msgspec.structs.replace(data, number=credential_key(network_key, data.issuer, data.number))
    return data


def content_hash(event: Envelope, patient_id: str | None, kept: Record) -> str:
    """SHA-256, in hexadecimal, of the canonical JSON of what is kept: type, version, pseudonym, time and data.

    The order of keys, white space, nulls, `12` for `12.0` and unknown fields do not change it, for it is taken after
    reading; nor does a new vocabulary, for it is taken before enrichment. Nothing in it can be guessed back: reference
    and credential number went through a keyed hash first.
    """
    content = _Content(event.type, event.schemaversion, patient_id, event.time, kept)
    return hashlib.sha256(_canonical.encode(content)).hexdigest()
