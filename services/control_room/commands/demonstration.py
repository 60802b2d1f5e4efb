"""`meridian demo`: the whole platform on a simulated network whose truth is known."""

from datetime import datetime
from typing import Annotated

from cyclopts import App, Parameter


def register(app: App) -> None:
    app.command(demo)


def demo(
    *,
    exit: Annotated[bool, Parameter(name="--exit", negative="")] = False,
    seed: int = 1,
    null: Annotated[bool, Parameter(negative="")] = False,
    as_of: datetime | None = None,
    json: bool = False,
) -> int:
    """Run everything on this machine: broker, stream, lake, release, dashboard, and judge what was found.

    Parameters
    ----------
    exit
        Stop everything after the summary; without a terminal that is so anyway.
    seed
        Another network, with other plants in other clinics.
    null
        Plant nothing; then nothing may be found.
    as_of
        The moment that the simulated ninety days end at.
    json
        Print the summary as JSON.
    """
    from control_room.demo.run import run_demo

    return run_demo(exit_after=exit, seed=seed, null=null, as_of=as_of, as_json=json)
