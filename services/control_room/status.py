"""Is the platform well: its processes, conservation, faults of the lake, releases. A clinic's failing check is reported
and makes nothing unwell."""

from datetime import UTC, datetime
from typing import Any

from control_room.lake_status import LakeReading, read_lake, unknown_clinics
from control_room.process_status import is_down, process_problems
from control_room.release_status import release_on_show, release_problems
from control_room.supervision import process_states
from control_room.supervision.states import ProcessState
from network_registry.clinics import list_clinics
from network_registry.database import open_registry
from network_registry.erasures import open_erasures
from network_registry.home import Home
from network_registry.settings import Settings
from warehouse_releases.conservation_reading import ConservationUnknown, read_conservation
from warehouse_releases.readers import ReleaseUnreadable, list_releases, query

_SHOWN = ("accepted", "flagged", "quarantined", "duplicates", "erased")
_FAILING = """
select check_id, count(distinct clinic_id) as clinics, count(*) as clinic_days
from mart_data_quality
where status = 'fail'
group by check_id
order by check_id
"""


def platform_status(home: Home, settings: Settings) -> dict[str, Any]:
    """Everything that `meridian status --json` says; `healthy` is false when `problems` has a line."""
    now = datetime.now(UTC)
    registry = open_registry(home)
    clinics = list_clinics(registry)
    processes = process_states(home)
    lake = read_lake(home, [clinic.clinic_id for clinic in clinics if clinic.is_active])
    conservation, unknown = _conservation(home, settings, processes, lake)
    releases = list_releases(home)
    problems = [
        *process_problems(processes, now),
        *unknown_clinics(home, {clinic.clinic_id for clinic in clinics}, lake.counts),
        *lake.problems,
        *unknown,
        *conservation["problems"],
        *(f"the lake has a fault: {fault['kind']} in {fault['topic']}" for fault in lake.faults),
        *release_problems(home, releases),
        *(f"erasure {each.erasure_id} is not finished: {each.error}" for each in open_erasures(registry) if each.error),
    ]
    return {
        "healthy": not problems,
        "problems": problems,
        "processes": [state.as_json() for state in processes],
        "conservation": conservation,
        "clinics": [counts.as_json(now) for counts in lake.counts],
        "faults": lake.faults,
        "release": release_on_show(home, releases),
        "failing_checks": _failing_checks(home),
    }


def _conservation(
    home: Home, settings: Settings, processes: list[ProcessState], lake: LakeReading
) -> tuple[dict[str, Any], list[str]]:
    """The balance, and why there is none; a platform that is down, or a lake that cannot be read, is told already."""
    unknown: dict[str, Any] = {"holds": None, "problems": []}
    if lake.problems or is_down(processes, settings):
        return unknown, []
    try:
        return read_conservation(home, settings).as_json(), []
    except ConservationUnknown as error:
        return unknown, [f"conservation is unknown: {error}"]


def _failing_checks(home: Home) -> list[dict[str, Any]]:
    try:
        return query(home, _FAILING, "officer")
    except ReleaseUnreadable:
        return []


def status_lines(report: dict[str, Any]) -> list[str]:
    """The same for people."""
    lines = [f"{each['name']:<10} {each['state']} (restarts: {each['restarts']})" for each in report["processes"]]
    lines.append(conservation_line(report["conservation"]))
    release = report["release"]
    lines.append(
        f"release    {release['release_id']}, as of {release['as_of']}" if release else "release    none on show"
    )
    lines += [_clinic_line(clinic) for clinic in report["clinics"]]
    lines += [
        f"check      {each['check_id']} fails in {each['clinics']} clinics on {each['clinic_days']} days"
        for each in report["failing_checks"]
    ]
    return lines + ([f"WRONG      {problem}" for problem in report["problems"]] or ["all is well"])


def conservation_line(conservation: dict[str, Any]) -> str:
    """`sent = accepted + quarantined + duplicates + erased + pending`, with the numbers."""
    if conservation["holds"] is None:
        return "events     conservation unknown"
    parts = " + ".join(
        f"{conservation[part]:,} {part}" for part in ("accepted", "quarantined", "duplicates", "erased", "pending")
    )
    sign = "=" if conservation["holds"] else "is not"
    return f"events     {conservation['sent']:,} sent {sign} {parts}"


def _clinic_line(clinic: dict[str, Any]) -> str:
    counts = ", ".join(f"{clinic[name]:,} {name}" for name in _SHOWN)
    return f"clinic     {clinic['clinic_id']}: {counts}; last received {clinic['last_received_at'] or 'never'}"
