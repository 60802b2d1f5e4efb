"""`meridian study`: register a study with the arm that its differences are taken from."""

from cyclopts import App


def register(app: App) -> None:
    group = App(name="study", help="Register studies and list them.")
    group.command(add)
    group.command(list_registered, name="list")
    app.command(group)


def add(study_id: str, *, reference_arm: str, title: str | None = None) -> None:
    """Register a study; its reference arm cannot be changed afterwards.

    Parameters
    ----------
    study_id
        The id that patients carry in `study.id`.
    reference_arm
        The arm that differences are taken from, for instance the controls.
    title
        What it is called.
    """
    from control_room.answers import say
    from control_room.homes import present_home
    from network_registry.database import open_registry
    from network_registry.studies import register_study

    home, _ = present_home()
    register_study(open_registry(home), study_id, reference_arm, title)
    say(f"study {study_id} is registered; differences are taken from arm {reference_arm}")


def list_registered(*, json: bool = False) -> None:
    """List the registered studies.

    Parameters
    ----------
    json
        Answer as JSON.
    """
    from control_room.answers import answer_json, answer_records
    from control_room.homes import present_home
    from network_registry.database import open_registry
    from network_registry.studies import list_studies

    home, _ = present_home()
    rows = [
        {"study_id": study.study_id, "reference_arm": study.reference_arm, "title": study.title}
        for study in list_studies(open_registry(home))
    ]
    (answer_json if json else answer_records)(rows)
