"""Keyed hashes that take the place of what must never leave the stream: patient references and credential numbers."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from network_registry.keys import Key


@dataclass(frozen=True)
class StreamKeys:
    pseudonym: Key
    network: Key
    quarantine: Key


def patient_pseudonym(key: Key, clinic_id: str, reference: str) -> str:
    """The patient's name in the network, 64 hexadecimal digits.

    The same reference in another clinic, or under another key version, is another pseudonym. The NUL keeps clinic and
    reference apart; the reference is taken letter by letter, as the clinic wrote it.
    """
    return _keyed_hash(key.secret, f"{clinic_id}\0{reference}")


def credential_key(key: Key, issuer: str, number: str) -> str:
    """One practitioner's credential, recognisable across clinics, 64 hexadecimal digits.

    Clinics copy the number from paper, so blanks and letter case do not count.
    """
    return _keyed_hash(key.secret, f"{_without_habits(issuer)}\0{_without_habits(number)}")


def source_key(key: Key, clinic_id: str, source: str) -> str:
    """One source of a clinic's events, 16 hexadecimal digits: its own name is an address, and may hold anything."""
    return _source_key(key.secret, clinic_id, source)


@lru_cache(maxsize=1024)
def _source_key(secret: bytes, clinic_id: str, source: str) -> str:
    return _keyed_hash(secret, f"{clinic_id}\0{source}")[:16]


def _keyed_hash(secret: bytes, message: str) -> str:
    """HMAC-SHA-256."""
    keyed = _keyed(secret).copy()
    keyed.update(message.encode())
    return keyed.finalize().hex()


@lru_cache(maxsize=16)
def _keyed(secret: bytes) -> HMAC:
    # What the key alone needs is two thirds of a short message's cost.
    return HMAC(secret, SHA256())


def _without_habits(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
