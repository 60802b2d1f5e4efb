"""Publish: into the outbox first, durably; then to the broker; then, if asked, until it has landed."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from clinic_events.verdicts import judge
from clinic_publisher.deliveries import Delivering, deliver_outboxes
from clinic_publisher.dispatch import Patience
from clinic_publisher.intake import Intake, outbox_path
from clinic_publisher.json_lines import lenient
from clinic_publisher.mapping.inspection import MappingInvalid
from clinic_publisher.mapping.mapping import DeclaredStudy, Mapping, load_mapping
from clinic_publisher.outbox_file import OutboxUnusable
from clinic_publisher.progress import Listener
from clinic_publisher.report import LeftOut, PublishReport, RefusedLine, Warned
from clinic_publisher.sending import ChecksumSlow, require_fast_checksum
from clinic_publisher.sources import FileFormat, SourceItem, UsageError, fhir_reading, read_source, require_clinic
from network_registry.connections import clinic_credential
from network_registry.home import Home
from network_registry.settings import Settings

# Called once with the clinics that have no credential here, and the studies that the mapping declares.
Onboard = Callable[[Sequence[str], Sequence[DeclaredStudy]], None]


_NOT_REGISTERED = "is not registered here (`meridian clinic add`, or --register-clinics)"


class OnboardingFailed(Exception):
    """The clinics and studies could not be registered. One line."""


def _say_nothing(_line: str) -> None:
    pass


def publish_file(
    home: Home,
    settings: Settings,
    path: Path,
    clinic_id: str | None = None,
    mapping: Path | None = None,
    wait: bool = False,
    onboard: Onboard | None = None,
    progress: Listener = _say_nothing,
    outbox_folder: Path | None = None,
    patience: Patience = Patience(),
    file_format: FileFormat = "jsonl",
    timezone: str | None = None,
) -> PublishReport:
    """Publish JSON lines, FHIR or, with a mapping, a table. Never raises for what file, mapping or broker are.

    Everything that can be sent is in the outbox before the first event is sent, and stays there until it has landed:
    whatever ends this, publishing the file again sends only what was not sent.
    """
    report = PublishReport()
    how = Delivering(home, settings, outbox_folder or home.outbox, wait, progress, patience)
    try:
        require_fast_checksum()
        fhir = fhir_reading(file_format, timezone, mapping)
        loaded = load_mapping(mapping) if mapping else None
        require_clinic(clinic_id, loaded)
        if clinic_id is not None and onboard is None:
            _require_registered(home, clinic_id)
        intake, unknown = _take_in(how, read_source(path, clinic_id, loaded, fhir), report, onboard is not None)
        if onboard is not None:
            _onboard(onboard, unknown, loaded)
        deliver_outboxes(how, dict(intake.runs), report)
    except MappingInvalid as invalid:
        for problem in invalid.told_of(mapping):
            report.problem(problem)
    except OSError as error:
        report.problem(f"{path}: {error.strerror or error}")
    except (UsageError, OnboardingFailed, OutboxUnusable, ChecksumSlow) as error:
        report.problem(str(error))
    return report


def publish_events(
    home: Home,
    settings: Settings,
    events: Iterable[tuple[str, bytes]],
    wait: bool = False,
    progress: Listener = _say_nothing,
    outbox_folder: Path | None = None,
    patience: Patience = Patience(),
) -> PublishReport:
    """Publish (clinic id, bytes) pairs as they are, whatever the bytes. Raises `OutboxUnusable`.

    A history that is to be sent once more, as by a practice system that forgot it did, needs an `outbox_folder` of its
    own: an outbox sends the same content only once.
    """
    require_fast_checksum()
    report = PublishReport()
    how = Delivering(home, settings, outbox_folder or home.outbox, wait, progress, patience)
    intake = Intake(how.folder)
    for clinic_id, body in events:
        intake.add(clinic_id, lenient(body))
    _finish(intake, report)
    deliver_outboxes(how, dict(intake.runs), report)
    return report


def send_pending(
    home: Home,
    settings: Settings,
    clinic_id: str | None = None,
    wait: bool = False,
    progress: Listener = _say_nothing,
    outbox_folder: Path | None = None,
    patience: Patience = Patience(),
) -> PublishReport:
    """Send what earlier publishes left in the outbox of a clinic, or in every outbox of the folder."""
    require_fast_checksum()
    report = PublishReport()
    how = Delivering(home, settings, outbox_folder or home.outbox, wait, progress, patience)
    found = [outbox_path(how.folder, clinic_id)] if clinic_id else sorted(how.folder.glob("*.sqlite"))
    deliver_outboxes(how, {path.stem: None for path in found if path.exists()}, report)
    return report


def _take_in(
    how: Delivering, items: Iterable[SourceItem], report: PublishReport, may_onboard: bool
) -> tuple[Intake, list[str]]:
    """Put every event of a file into its clinic's outbox. Also returns the clinics that have no credential here."""
    intake, known, now = Intake(how.folder), {}, datetime.now(UTC)
    for item in items:
        if item.event is None or item.clinic_id is None:
            report.refused.append(RefusedLine(item.line, item.refused or ""))
            continue
        if item.clinic_id not in known:
            known[item.clinic_id] = _is_registered(how.home, item.clinic_id)
        if not known[item.clinic_id] and not may_onboard:
            report.refused.append(RefusedLine(item.line, f"clinic {item.clinic_id} {_NOT_REGISTERED}"))
            continue
        intake.add(item.clinic_id, item.event)
        if item.left_out:
            report.left_out.append(LeftOut(item.line, list(item.left_out)))
        _warn(item, now, report)
    _finish(intake, report)
    return intake, sorted(clinic for clinic, is_known in known.items() if not is_known)


def _is_registered(home: Home, clinic_id: str) -> bool:
    return clinic_credential(home, clinic_id).exists()


def _require_registered(home: Home, clinic_id: str) -> None:
    if not _is_registered(home, clinic_id):
        raise UsageError(f"clinic {clinic_id} {_NOT_REGISTERED}")


def _onboard(onboard: Onboard, unknown: list[str], mapping: Mapping | None) -> None:
    studies = mapping.studies if mapping else ()
    if not unknown and not studies:
        return
    try:
        onboard(unknown, studies)
    # The platform's side is handed in, and its reasons with it; the events are in their outboxes and wait.
    except Exception as failure:
        said = str(failure) or type(failure).__name__
        raise OnboardingFailed(f"not registered, and nothing sent (the outbox keeps it): {said}") from failure


def _finish(intake: Intake, report: PublishReport) -> None:
    intake.finish()
    report.events = intake.events
    report.already_published = intake.events - intake.to_send()


def _warn(item: SourceItem, now: datetime, report: PublishReport) -> None:
    assert item.event is not None
    verdict = judge(item.event.body, item.clinic_id, now)
    if verdict.status != "accepted":
        reasons = [f"{reason.code} {reason.path}".strip() for reason in verdict.reasons]
        report.warnings.append(Warned(item.line, verdict.status, reasons))
