"""Keyed hashes that take the place of what must never leave the stream: patient references and credential numbers."""

import hmac
import unicodedata

from network_registry.keys import Key


def patient_pseudonym(key: Key, clinic_id: str, reference: str) -> str:
    """The patient's name in the network, 64 hexadecimal digits.

    The same reference in another clinic, or under another key version, is another pseudonym. The NUL keeps clinic and
    reference apart; the reference is taken letter by letter, as the clinic wrote it.
    """
    return _keyed_hash(key, clinic_id, reference)


def credential_key(key: Key, issuer: str, number: str) -> str:
    """One practitioner's credential, recognisable across clinics, 64 hexadecimal digits.

    Clinics copy the number from paper, so blanks and letter case do not count.
    """
    return _keyed_hash(key, _without_habits(issuer), _without_habits(number))


def _keyed_hash(key: Key, *parts: str) -> str:
    return hmac.digest(key.secret, "\0".join(parts).encode(), "sha256").hex()


def _without_habits(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
