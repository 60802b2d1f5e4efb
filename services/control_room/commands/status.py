"""`meridian status`: is everything well, and if not, what is wrong."""

from cyclopts import App


def register(app: App) -> None:
    app.command(status)


def status(*, json: bool = False) -> int:
    """Counts and lag per stage, conservation, freshness, releases, failing checks. Exit 1 when the platform is unwell.

    Parameters
    ----------
    json
        Answer as JSON.
    """
    from control_room.answers import answer_json, say
    from control_room.homes import present_home
    from control_room.status import platform_status, status_lines

    home, settings = present_home()
    report = platform_status(home, settings)
    if json:
        answer_json(report)
    else:
        for line in status_lines(report):
            say(line)
    return 0 if report["healthy"] else 1
