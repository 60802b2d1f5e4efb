"""A patient's name in the network, and a credential that is recognised across clinics."""

import hashlib
import hmac

from hypothesis import given
from hypothesis import strategies as st

from network_registry.keys import Key
from network_registry.pseudonyms import patient_pseudonym
from session_stream.pseudonyms import credential_key

KEY = Key(1, b"k" * 32)
words = st.text(max_size=20)
clinic_ids = st.from_regex(r"[a-z0-9-]{2,12}", fullmatch=True)


def test_a_pseudonym_is_the_hmac_of_clinic_nul_reference():
    expected = hmac.new(KEY.secret, b"alpha\x00P-17", hashlib.sha256).hexdigest()
    assert patient_pseudonym(KEY, "alpha", "P-17") == expected


@given(clinic_ids, words, clinic_ids, words)
def test_two_patients_never_share_a_pseudonym_and_one_patient_has_only_one(clinic, reference, other_clinic, other):
    same = (clinic, reference) == (other_clinic, other)
    assert (patient_pseudonym(KEY, clinic, reference) == patient_pseudonym(KEY, other_clinic, other)) is same


def test_another_key_version_gives_another_pseudonym():
    assert patient_pseudonym(KEY, "alpha", "P-17") != patient_pseudonym(Key(2, b"l" * 32), "alpha", "P-17")


def test_a_credential_is_the_same_however_a_clinic_writes_it():
    assert credential_key(KEY, "State Board", "AC 12-345") == credential_key(KEY, " state  board ", "ac12-345")


@given(st.from_regex(r"[a-z]{1,8}", fullmatch=True), st.from_regex(r"[0-9]{1,8}", fullmatch=True))
def test_issuer_and_number_do_not_run_into_each_other(issuer, number):
    assert credential_key(KEY, issuer, number) != credential_key(KEY, issuer + number[0], number[1:])
