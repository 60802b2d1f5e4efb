"""`meridian up`, `down` and `run`: the platform on this machine, and one process of it."""

from typing import Literal

from cyclopts import App

ProcessName = Literal["broker", "stream", "lander", "builder", "dashboard"]


def register(app: App) -> None:
    app.command(up)
    app.command(down)
    app.command(run)


def up(*, detach: bool = False) -> int:
    """Run the platform here until it is stopped.

    Parameters
    ----------
    detach
        Return when everything is ready; `meridian down` stops it.
    """
    from control_room.homes import created_home
    from control_room.supervision import up as start_platform

    home, settings = created_home()
    return start_platform(home, settings, detach)


def down() -> int:
    """Stop the platform that runs here."""
    from control_room.homes import present_home
    from control_room.supervision import down as stop_platform

    home, _ = present_home()
    return stop_platform(home)


def run(name: ProcessName, /, *, number: int = 1) -> int:
    """Run one process of the platform.

    Parameters
    ----------
    name
        Which one.
    number
        Of the stream: which of this machine's workers. Those of one number exclude each other.
    """
    from control_room.homes import present_home
    from control_room.processes import run_process

    if number < 1:
        raise ValueError("--number: at least 1")
    home, settings = present_home()
    return run_process(name, home, settings, number)
