"""The keyed hash that takes the place of a patient reference: the stream writes it, an erasure looks for it."""

from functools import lru_cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from network_registry.keys import Key


def patient_pseudonym(key: Key, clinic_id: str, reference: str) -> str:
    """The patient's name in the network, 64 hexadecimal digits.

    The same reference in another clinic, or under another key version, is another pseudonym. The NUL keeps clinic and
    reference apart; the reference is taken letter by letter, as the clinic wrote it.
    """
    return keyed_hash(key.secret, f"{clinic_id}\0{reference}")


def keyed_hash(secret: bytes, message: str) -> str:
    """HMAC-SHA-256, 64 hexadecimal digits."""
    keyed = _keyed(secret).copy()
    keyed.update(message.encode())
    return keyed.finalize().hex()


@lru_cache(maxsize=16)
def _keyed(secret: bytes) -> HMAC:
    # What the key alone needs is two thirds of a short message's cost.
    return HMAC(secret, SHA256())
