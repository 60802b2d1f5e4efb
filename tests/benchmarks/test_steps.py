"""A long measurement that is interrupted goes on with what is left."""

import pytest

from control_room.benchmarks.steps import Steps


@pytest.fixture
def taken() -> list[str]:
    return []


def test_a_step_that_is_done_is_not_done_again_by_the_next_process(tmp_path, taken):
    def take():
        taken.append("staging")
        return {"seconds": 3.5}

    assert Steps(tmp_path / "bench", "code").once("staging", take) == {"seconds": 3.5}
    assert Steps(tmp_path / "bench", "code").once("staging", take) == {"seconds": 3.5}
    assert taken == ["staging"]


def test_a_step_that_failed_is_done_again(tmp_path):
    steps = Steps(tmp_path / "bench", "code")
    with pytest.raises(ZeroDivisionError):
        steps.once("core", lambda: 1 / 0)
    assert Steps(tmp_path / "bench", "code").once("core", lambda: 1) == 1


def test_what_other_code_measured_is_thrown_away_with_all_that_it_left(tmp_path):
    Steps(tmp_path / "bench", "old").once("core", lambda: 1)
    (tmp_path / "bench" / "lake").mkdir()
    assert Steps(tmp_path / "bench", "new").once("core", lambda: 2) == 2
    assert [path.name for path in (tmp_path / "bench").iterdir()] == ["steps.json"]


def test_nothing_is_left_at_the_end(tmp_path):
    steps = Steps(tmp_path / "bench", "code")
    steps.once("core", lambda: 1)
    steps.end()
    assert not (tmp_path / "bench").exists()
