"""Refused bytes are sealed: only the key and the right origin open them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_events.network_records import Origin
from network_registry.keys import Key
from session_stream.sealing import SealBroken, open_sealed, seal

KEY = Key(1, b"q" * 32)
ORIGIN = Origin("cluster-1", "clinic.alpha.events", "topic-1", 2, 7)


@given(st.binary(max_size=2000))
def test_what_was_sealed_opens_to_the_same_bytes(raw):
    assert open_sealed(KEY, ORIGIN, seal(KEY, ORIGIN, raw)) == raw


@given(st.binary(min_size=8, max_size=200))
def test_sealed_bytes_do_not_show_the_original(raw):
    assert raw not in seal(KEY, ORIGIN, raw)


def test_sealing_twice_gives_other_bytes():
    assert seal(KEY, ORIGIN, b"event") != seal(KEY, ORIGIN, b"event")


@pytest.mark.parametrize(
    ("key", "origin"),
    [
        (Key(1, b"r" * 32), ORIGIN),
        (KEY, Origin("cluster-1", "clinic.alpha.events", "topic-1", 2, 8)),
        (KEY, Origin("cluster-1", "clinic.beta.events", "topic-1", 2, 7)),
    ],
    ids=["another key", "another offset", "another clinic"],
)
def test_another_key_or_origin_does_not_open_them(key, origin):
    with pytest.raises(SealBroken):
        open_sealed(key, origin, seal(KEY, ORIGIN, b"event"))


@given(st.integers(0, 40), st.integers(1, 255))
def test_a_single_changed_byte_breaks_the_seal(position, change):
    sealed = bytearray(seal(KEY, ORIGIN, b"thirteen byte"))
    sealed[position % len(sealed)] ^= change
    with pytest.raises(SealBroken):
        open_sealed(KEY, ORIGIN, bytes(sealed))


@pytest.mark.parametrize("sealed", [b"", b"short", b"x" * 12])
def test_too_few_bytes_are_a_broken_seal(sealed):
    with pytest.raises(SealBroken):
        open_sealed(KEY, ORIGIN, sealed)
