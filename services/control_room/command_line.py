"""`meridian`: every command, and the one place where an error becomes one line and an exit code.

Exit codes: 0 done; 1 the answer is no (something is wrong, a line was refused); 2 it could not be done.
"""

# Only what Python has imported already: all else is imported where a Ctrl-C meanwhile is an answer, not a traceback.
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from cyclopts import App


def main() -> NoReturn:
    # Python's own helper process frees what the end below leaves behind, and would say so after our last line.
    sys.warnoptions.append("ignore:resource_tracker")
    code = _answer()
    with suppress(KeyboardInterrupt):
        code = _flushed(code)
    # At once: a client whose broker never answered leaves a thread behind, and libraries complain of it at the end.
    os._exit(code)


def application() -> "App":
    """The command with all of its groups."""
    from importlib.metadata import version

    from cyclopts import App

    from control_room.commands import (
        bench,
        campaign,
        clinics,
        demonstration,
        erasures,
        events,
        measures,
        platform,
        quarantine,
        status,
        studies,
        vocabulary,
        warehouse,
    )

    app = App(
        name="meridian",
        help="The data platform of an acupuncture clinic network.",
        version=lambda: version("meridian-network"),
        help_flags=["--help", "-h"],
    )
    everyday = (platform, clinics, studies, events, vocabulary, status, quarantine, warehouse, measures)
    for group in (*everyday, erasures, demonstration, bench, campaign):
        group.register(app)
    return app


def _answer() -> int:
    try:
        _open_standard_files()
        code = application()(exit_on_error=False, print_error=False, result_action="return_value")
    except KeyboardInterrupt:
        return 130
    except SystemExit as ended:
        # Rich's way of saying that the reader of our output has gone.
        return ended.code if isinstance(ended.code, int) else 1
    except BrokenPipeError:
        # The reader of our output has gone; nothing more can be said, and Python must not try at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0
    except Exception as error:
        if os.environ.get("MERIDIAN_TRACEBACK"):
            raise
        return _told(_first_line(error) or type(error).__name__, is_usage=type(error).__module__.startswith("cyclopts"))
    return code or 0


def _open_standard_files() -> None:
    """Whoever calls us may have closed them: the next file to be opened, a database, must not become our output."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            opened = os.open(os.devnull, os.O_RDWR)
            if opened != number:
                os.dup2(opened, number)
            setattr(sys, name, open(number, mode, closefd=False))  # noqa: SIM115


def _flushed(code: int) -> int:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        pass
    except OSError as error:
        return code or _told(f"the answer could not be written: {error.strerror}")
    return code


def _told(message: str, is_usage: bool = False) -> int:
    with suppress(OSError):
        print(f"meridian: {message}" + (" (see meridian --help)" if is_usage else ""), file=sys.stderr)  # noqa: T201
    return 2


def _first_line(error: BaseException) -> str:
    return next((line.strip() for line in str(error).splitlines() if line.strip()), "")
