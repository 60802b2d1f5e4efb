"""Keyed hashes that take the place of what must never leave the stream: credential numbers and names of sources."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from network_registry.keys import Key
from network_registry.pseudonyms import keyed_hash


@dataclass(frozen=True)
class StreamKeys:
    pseudonym: Key
    network: Key
    quarantine: Key


def credential_key(key: Key, issuer: str, number: str) -> str:
    """One practitioner's credential, recognisable across clinics, 64 hexadecimal digits.

    Clinics copy the number from paper, so blanks and letter case do not count.
    """
    return keyed_hash(key.secret, f"{_without_habits(issuer)}\0{_without_habits(number)}")


def source_key(key: Key, clinic_id: str, source: str) -> str:
    """One source of a clinic's events, 16 hexadecimal digits: its own name is an address, and may hold anything."""
    return _source_key(key.secret, clinic_id, source)


@lru_cache(maxsize=1024)
def _source_key(secret: bytes, clinic_id: str, source: str) -> str:
    return keyed_hash(secret, f"{clinic_id}\0{source}")[:16]


def _without_habits(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
