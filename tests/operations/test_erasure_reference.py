"""The patient reference of an erasure, from a line of standard input: refused in words that do not hold it."""

import io

import pytest

from control_room.erasing import ErasureRefused, read_reference


def given(monkeypatch: pytest.MonkeyPatch, line: bytes) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(line), "utf-8", errors="surrogateescape"))


def test_it_is_the_line_as_the_clinic_writes_it(monkeypatch):
    given(monkeypatch, " P-0017 é\r\n".encode())
    assert read_reference() == " P-0017 é"


@pytest.mark.parametrize(
    ("line", "reason"), [(b"", "no patient reference"), (b"\n", "no patient reference"), (b"P-\xff\n", "is not UTF-8")]
)
def test_what_cannot_be_one_is_refused(monkeypatch, line: bytes, reason: str):
    given(monkeypatch, line)
    with pytest.raises(ErasureRefused, match=reason) as refused:
        read_reference()
    assert "P-" not in str(refused.value)
