"""`meridian erase`: take a patient out of everything that this network keeps."""

from typing import Annotated, Any

from cyclopts import App, Parameter


def register(app: App) -> None:
    app.command(erase)


def erase(
    clinic: str | None = None,
    /,
    *reference: Annotated[str, Parameter(show=False)],
    reason: str | None = None,
    dry_run: bool = False,
    yes: bool = False,
    list_: bool = False,
    json: bool = False,
) -> int:
    """Erase a patient of a clinic. The reference is asked for, or read from a line of standard input.

    Parameters
    ----------
    clinic
        The clinic that the reference is of.
    reference
        Not to be given here.
    reason
        Why, for the record; it must not name the patient.
    dry_run
        Count what would be erased, and change nothing.
    yes
        Do not ask again: it cannot be undone.
    list_
        List the erasures there were.
    json
        Answer as JSON.
    """
    from control_room.answers import answer_json, answer_records
    from control_room.erasing import ErasureRefused, checked_reason, patient_hash, read_reference, what_would_go
    from control_room.homes import present_home
    from network_registry.database import open_registry
    from network_registry.erasures import list_erasures

    if reference:
        raise ErasureRefused("the reference is asked for: here others would see it, and the shell keeps it")
    home, settings = present_home()
    engine = open_registry(home)
    if list_:
        (answer_json if json else answer_records)([erasure.as_json() for erasure in list_erasures(engine)])
        return 0
    if clinic is None:
        raise ErasureRefused("of which clinic? meridian erase CLINIC")
    asked_for = read_reference()
    reason = checked_reason(reason, asked_for)
    hashed = patient_hash(home, engine, clinic, asked_for)
    if dry_run or not yes:
        found = what_would_go(home, engine, clinic, hashed)
        if dry_run:
            (answer_json if json else _say)(found)
            return 0
        _require_yes(found)
    return _erased(home, settings, clinic, hashed, reason, json)


def _erased(home: Any, settings: Any, clinic: str, hashed: str, reason: str | None, json: bool) -> int:
    from control_room.answers import answer_json, notice
    from control_room.erasing import erase, exports_elsewhere
    from network_registry.database import open_registry

    erasure = erase(home, settings, clinic, hashed, reason, notice)
    answer = erasure.as_json() | {"exports_elsewhere": exports_elsewhere(home, open_registry(home))}
    (answer_json if json else _say)(answer)
    if not erasure.is_done:
        notice(f"the erasure is not finished: {erasure.error}; `meridian erase` again, or the builder, goes on with it")
    return 0 if erasure.is_done else 1


def _require_yes(found: dict[str, Any]) -> None:
    import sys

    from control_room.erasing import ErasureRefused

    if not sys.stdin.isatty():
        raise ErasureRefused("it cannot be undone: say --yes, or --dry-run to see what would go")
    _say(found)
    if input("erase it? it cannot be undone (yes/no) ").strip().lower() != "yes":
        raise ErasureRefused("nothing was erased")


def _say(found: dict[str, Any]) -> None:
    from control_room.answers import say

    names = "one patient" if found["pseudonyms"] == 1 else f"one patient under {found['pseudonyms']} merged references"
    say(
        f"{found['status']}: {names}, {found['rows']:,} events in {found['segments']:,} segments, "
        f"{found['outbox_events']:,} events in outboxes, {found['versions']} versions, "
        f"{found['failed_builds']} failed builds, {found['exported_files']} exported files"
    )
    if not found["rows"]:
        say("nothing of this reference has landed: is it written as the clinic writes it?")
    for export in found["exports_elsewhere"]:
        say(f"an export of the {export['tier']} tier is out of reach: {export['folder']} ({export['exported_at']})")
