"""The builder takes what the others leave: in its session, and its session among those of the machine."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

AUTOGROUP = Path("/proc/self/autogroup")
STEPPED_BACK = f"""
import os
from pathlib import Path
from control_room.processes import step_back
step_back()
group = Path("{AUTOGROUP}")
print(os.nice(0), group.read_text().split()[-1] if os.access(group, os.W_OK) else "-")
"""


@pytest.mark.parametrize(("has_session", "of_session"), [(True, "10"), (False, "0")])
def test_the_builder_steps_back_and_takes_nobody_elses_session_with_it(has_session, of_session):
    command = [sys.executable, "-c", STEPPED_BACK]
    if not has_session:
        # The shell is the first of a session, in which the builder is one of several.
        command = ["sh", "-c", '"$@"; exit $?', "sh", *command]
    said = subprocess.run(command, capture_output=True, text=True, check=True, start_new_session=True).stdout.split()
    assert said == ["10", of_session if os.access(AUTOGROUP, os.W_OK) else "-"]
