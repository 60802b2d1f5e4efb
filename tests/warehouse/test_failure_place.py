"""What is said of an error that nobody foresaw: its kind and its place, and nothing that it quotes."""

import errno

import pytest

from warehouse_releases.failure_place import failure_place


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "P-0017 does not fit", "/home/P-0017"), "OSError (No space left on device)"),
        (PermissionError(errno.EACCES, "P-0017", "/home/P-0017"), "PermissionError (Permission denied)"),
        (OSError("P-0017"), "OSError"),
        (ValueError("P-0017 is no number"), "ValueError"),
    ],
)
def test_the_system_says_what_is_wrong_and_no_value_is_quoted(error: Exception, words: str) -> None:
    with pytest.raises(type(error)) as raised:
        raise error
    told = failure_place(raised.value)
    assert told.startswith(f"{words} in test_failure_place.py, line ")
    assert "P-0017" not in told
