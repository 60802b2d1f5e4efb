"""`meridian quarantine`: what was refused, and why."""

from cyclopts import App


def register(app: App) -> None:
    group = App(name="quarantine", help="Look at the events that were refused.")
    group.command(list_refused, name="list")
    app.command(group)


def list_refused(*, clinic: str | None = None, reason: str | None = None, json: bool = False) -> None:
    """Count the quarantined events by clinic, type and reason.

    Parameters
    ----------
    clinic
        Only this clinic.
    reason
        Only this reason.
    json
        Answer as JSON.
    """
    from control_room.answers import answer_json, answer_records
    from control_room.homes import present_home
    from control_room.quarantine_counts import quarantine_counts

    home, _ = present_home()
    (answer_json if json else answer_records)(quarantine_counts(home, clinic, reason))
