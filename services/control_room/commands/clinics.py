"""`meridian clinic`: bring clinics on board."""

from cyclopts import App


def register(app: App) -> None:
    group = App(name="clinic", help="Bring clinics on board, list them, suspend them.")
    group.command(add)
    group.command(list_known, name="list")
    group.command(suspend)
    app.command(group)


def add(clinic_id: str, /, *more: str, name: str | None = None) -> None:
    """Give clinics their topics, credentials and rights; they are live within a minute.

    Parameters
    ----------
    clinic_id
        2 to 40 characters of a-z, 0-9 and -.
    more
        Further clinics.
    name
        What the clinic is called; with one clinic only.
    """
    from control_room.answers import say
    from control_room.homes import created_home
    from control_room.onboarding import onboard_clinics
    from control_room.process_status import require_running
    from network_registry.connections import clinic_credential

    if name is not None and more:
        raise ValueError("--name goes with one clinic")
    home, settings = created_home()
    require_running(home, settings)
    clinics = dict.fromkeys([clinic_id, *more], name)
    onboard_clinics(home, settings, clinics)
    for added in clinics:
        say(f"clinic {added} is on board; its credential: {clinic_credential(home, added)}")


def list_known(*, json: bool = False) -> None:
    """List the clinics of the network.

    Parameters
    ----------
    json
        Answer as JSON.
    """
    from control_room.answers import answer_json, answer_records
    from control_room.homes import present_home
    from network_registry.clinics import list_clinics
    from network_registry.database import open_registry

    home, _ = present_home()
    rows = [
        {
            "clinic_id": clinic.clinic_id,
            "name": clinic.name,
            "added_at": f"{clinic.added_at:%Y-%m-%dT%H:%M:%SZ}",
            "status": "active" if clinic.is_active else "suspended",
        }
        for clinic in list_clinics(open_registry(home))
    ]
    (answer_json if json else answer_records)(rows)


def suspend(clinic_id: str, /) -> None:
    """Take a clinic's rights away; what it published stays.

    Parameters
    ----------
    clinic_id
        The clinic.
    """
    from control_room.answers import say
    from control_room.homes import present_home
    from control_room.onboarding import suspend_clinic
    from control_room.process_status import require_running

    home, settings = present_home()
    require_running(home, settings)
    suspend_clinic(home, settings, clinic_id)
    say(f"clinic {clinic_id} is suspended")
