"""Seal the original bytes of a refused event, and open them again to show or replay it.

AES-256-GCM with a random nonce of 96 bits in front. The origin is bound to the bytes: sealed bytes that were moved to
another event's record do not open.
"""

import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from clinic_events.network_records import Origin, encode
from network_registry.keys import Key

NONCE_BYTES = 12


class SealBroken(Exception):
    """The sealed bytes were changed, belong to another origin, or were sealed with another key."""


def seal(key: Key, origin: Origin, raw: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + _cipher(key.secret).encrypt(nonce, raw, encode(origin))


def open_sealed(key: Key, origin: Origin, sealed: bytes) -> bytes:
    """The original bytes. Raises `SealBroken`."""
    try:
        return _cipher(key.secret).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], encode(origin))
    except (InvalidTag, ValueError):
        raise SealBroken(f"the sealed bytes of {origin.topic}/{origin.partition}@{origin.offset} do not open") from None


@lru_cache(maxsize=8)
def _cipher(secret: bytes) -> AESGCM:
    return AESGCM(secret)
