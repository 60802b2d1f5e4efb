"""`meridian publish` and `check`: the clinic's side."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

Format = Literal["jsonl", "fhir"]


def register(app: App) -> None:
    app.command(publish)
    app.command(check)


def publish(
    file: Path | None = None,
    /,
    *,
    clinic: str | None = None,
    mapping: Path | None = None,
    format: Format = "jsonl",
    timezone: str | None = None,
    register_clinics: Annotated[bool, Parameter(negative="")] = False,
    wait: Annotated[bool, Parameter(negative="")] = False,
    json: bool = False,
) -> int:
    """Publish a file of events: JSON lines, FHIR, or a table (CSV, Parquet) with a mapping. Without a file, what still
    waits in the outbox.

    Parameters
    ----------
    file
        One event a line, or one row a line with --mapping.
    clinic
        The clinic that publishes; a mapping may name it row by row.
    mapping
        How a row becomes events; see docs/mapping.md.
    format
        jsonl, or fhir: a Bundle, or one resource a line; see docs/fhir.md.
    timezone
        Where the clinic is, for FHIR that is precise to the day only.
    register_clinics
        First bring the clinics (and studies) on board that the network does not know: an administrator's right.
    wait
        Return when everything has been landed, and sum up the verdicts.
    json
        Answer as JSON.
    """
    from clinic_publisher.publish import publish_file, send_pending
    from control_room.answers import answer_json, complain, notice, say
    from control_room.homes import present_home
    from control_room.process_status import hint_when_down
    from control_room.registration import registrar

    home, settings = present_home()
    if file is None:
        report = send_pending(home, settings, clinic, wait, notice)
    else:
        onboard = registrar(home, settings) if register_clinics else None
        report = publish_file(
            home, settings, file, clinic, mapping, wait, onboard, notice, file_format=format, timezone=timezone
        )
    if json:
        answer_json(report.as_json())
    else:
        for line in report.lines():
            say(line)
    if report.problems:
        complain([*report.problems, *(hint_when_down(home, settings) if report.waiting else ())])
    return report.exit_code


def check(
    file: Path,
    /,
    *,
    clinic: str | None = None,
    mapping: Path | None = None,
    format: Format = "jsonl",
    timezone: str | None = None,
    json: bool = False,
) -> int:
    """Tell what the platform would say of each event in a file, without sending anything.

    Parameters
    ----------
    file
        One event a line, or one row a line with --mapping.
    clinic
        The clinic that would publish.
    mapping
        How a row becomes events; see docs/mapping.md.
    format
        jsonl, or fhir; see docs/fhir.md.
    timezone
        Where the clinic is, for FHIR that is precise to the day only.
    json
        Answer as JSON.
    """
    from clinic_publisher.check import check_file
    from control_room.answers import answer_json, complain, say

    report = check_file(file, clinic, mapping, format, timezone)
    answer_json(report.as_json()) if json else [say(line) for line in report.lines()]
    complain(report.problems)
    return report.exit_code
