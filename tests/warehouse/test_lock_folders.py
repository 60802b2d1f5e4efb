"""What is taken for a data lock: a folder whose own description is whole, and is of this lock."""

import json
from pathlib import Path

import pytest

from network_registry.home import Home
from warehouse_releases.lock_folders import LockDamaged, list_locks, locks_folder

WHOLE = {
    "period": "2026-W38",
    "closed_until": "2026-09-21",
    "locked_at": "2026-09-22T12:00:00+00:00",
    "as_of": "2026-09-22T12:00:00+00:00",
    "code": {},
    "layout": {},
}


def described(root: Path, name: str, said: object) -> Home:
    home = Home(root)
    folder = locks_folder(home) / name
    folder.mkdir(parents=True)
    (folder / "lock.json").write_text(json.dumps(said))
    return home


def test_a_folder_that_describes_itself_is_a_lock(tmp_path):
    assert [made.period for made in list_locks(described(tmp_path, "2026-W38", WHOLE))] == ["2026-W38"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("copy-of-2026-W38", WHOLE),
        ("2026-W38", WHOLE | {"period": 38}),
        ("2026-W38", {name: said for name, said in WHOLE.items() if name != "code"}),
        ("2026-W38", WHOLE | {"closed_until": "soon"}),
        ("2026-W38", []),
    ],
)
def test_a_copy_of_a_lock_and_a_damaged_description_are_none(tmp_path, name: str, said: object):
    with pytest.raises(LockDamaged, match=f"lock {name} does not say what it is"):
        list_locks(described(tmp_path, name, said))
