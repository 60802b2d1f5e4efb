"""`meridian`: every command, and the one place where an error becomes one line and an exit code.

Exit codes: 0 done; 1 the answer is no (something is wrong, a line was refused); 2 it could not be done.
"""

import os
import sys
from contextlib import suppress
from importlib.metadata import version
from typing import NoReturn

from cyclopts import App, CycloptsError

from control_room.commands import clinics, demonstration, events, platform, quarantine, status, studies, warehouse

app = App(
    name="meridian",
    help="The data platform of an acupuncture clinic network.",
    version=lambda: version("meridian-network"),
    help_flags=["--help", "-h"],
)
for group in (platform, clinics, studies, events, status, quarantine, warehouse, demonstration):
    group.register(app)


def main() -> NoReturn:
    try:
        code = app(exit_on_error=False, print_error=False, result_action="return_value")
    except KeyboardInterrupt:
        code = 130
    except SystemExit as ended:
        # Rich's way of saying that the reader of our output has gone.
        code = ended.code if isinstance(ended.code, int) else 1
    except BrokenPipeError:
        # The reader of our output has gone; nothing more can be said, and Python must not try at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except CycloptsError as error:
        code = _told(f"{_first_line(error)} (see meridian --help)")
    except Exception as error:
        if os.environ.get("MERIDIAN_TRACEBACK"):
            raise
        code = _told(_first_line(error) or type(error).__name__)
    with suppress(BrokenPipeError):
        sys.stdout.flush()
    # At once: a client whose broker never answered leaves a thread behind, and libraries complain of it at the end.
    os._exit(code or 0)


def _told(message: str) -> int:
    print(f"meridian: {message}", file=sys.stderr)  # noqa: T201
    return 2


def _first_line(error: BaseException) -> str:
    return next((line.strip() for line in str(error).splitlines() if line.strip()), "")
