"""`meridian build`, `lock`, `rebuild`, `sql`, `releases` and `export`: make a release, and read one."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import App, Parameter

if TYPE_CHECKING:
    from network_registry.home import Home
    from network_registry.settings import Settings
    from warehouse_releases.ledger import Release
    from warehouse_releases.rebuild import Rebuilt

Tier = Literal["analyst", "officer"]


def register(app: App) -> None:
    app.command(build)
    app.command(lock)
    app.command(rebuild)
    app.command(sql)
    app.command(releases)
    app.command(export)


def build(*, json: bool = False) -> int:
    """Wait until what is published has been landed, then build, audit and release it.

    Parameters
    ----------
    json
        Answer as JSON.
    """
    from control_room.answers import notice
    from control_room.homes import present_home
    from control_room.process_status import require_running
    from warehouse_releases.builder import build_now

    home, settings = present_home()
    require_running(home, settings)
    return _told(build_now(home, settings, progress=notice), json)


def rebuild(
    *,
    release: int | None = None,
    source: Annotated[Literal["segments", "topics"], Parameter(name="--from")] = "segments",
    dry_run: bool = False,
    json: bool = False,
) -> int:
    """Build everything again from the segments that have landed; or one release, to see whether the same comes out; or
    decide again, with today's rules, what the clinics' topics still hold. Interrupted, the same command goes on.

    Parameters
    ----------
    release
        Build this one again, from what its manifest says, into a folder that is not shown. Exit 1 when it differs.
    source
        With `topics`, events that were refused and are acceptable today are healed, and events that the lake does not
        hold any more are restored; each keeps the place in its clinic's topic that it came from.
    dry_run
        With `--from topics`: say what would become of the events, and pass nothing on.
    json
        Answer as JSON.
    """
    from control_room.answers import notice
    from control_room.homes import present_home
    from network_registry.database import open_registry
    from warehouse_releases.builder import build_now
    from warehouse_releases.ledger import EVERYTHING
    from warehouse_releases.rebuild import rebuild_release

    home, settings = present_home()
    if source == "topics":
        return _decided_again(home, settings, release, dry_run, json)
    if dry_run:
        raise ValueError("--dry-run is for --from topics")
    if release is None:
        _wait_where_it_runs(home, settings)
        again = build_now(home, settings, wait_landed=False, progress=notice, requested_by=EVERYTHING)
        return _told(again, json)
    return _compared(rebuild_release(home, settings, open_registry(home), release, notice), json)


def _wait_where_it_runs(home: "Home", settings: "Settings") -> None:
    """A lander that finds its newest segments gone lands them again; without a platform what is there is built."""
    from control_room.answers import notice
    from control_room.process_status import hint_when_down
    from warehouse_releases.landed_barrier import NotLanded, wait_until_landed

    if not hint_when_down(home, settings):
        try:
            wait_until_landed(home, settings, notice)
        except NotLanded as error:
            notice(f"building what has landed: {error}")


def _told(release: "Release", json: bool) -> int:
    from control_room.answers import answer_json, notice, say

    error = release.manifest.get("error")
    if error:
        notice(f"release {release.release_id} is not shown: {error}")
    if json:
        answer_json(release.as_json() | {"error": error})
    else:
        say(f"release {release.release_id}: {release.status} (as of {release.as_of:%Y-%m-%d %H:%M} UTC)")
    return 0 if release.status == "released" else 1


def _decided_again(home: "Home", settings: "Settings", release: int | None, dry_run: bool, json: bool) -> int:
    from control_room.answers import answer_json, notice, say
    from control_room.deciding_again import rebuild_from_topics
    from control_room.process_status import require_running

    if release is not None:
        raise ValueError("--release is built from segments, not from topics")
    require_running(home, settings)
    done = rebuild_from_topics(home, settings, dry_run, notice)
    if json:
        answer_json(done.as_json())
    else:
        say(done.in_words())
        if done.release:
            return _told(done.release, json)
    return 0 if done.release is None or done.release.status == "released" else 1


def _compared(rebuilt: "Rebuilt", json: bool) -> int:
    from control_room.answers import answer_json, notice, say

    for reason in rebuilt.reasons:
        notice(f"release {rebuilt.release_id}: {reason}")
    if json:
        answer_json(rebuilt.as_json())
    else:
        different = [mart.mart for mart in rebuilt.marts if not mart.equal]
        verdict = (
            f"other figures in {', '.join(different)}" if different else f"all {len(rebuilt.marts)} marts are equal"
        )
        say(f"release {rebuilt.release_id} built again in {rebuilt.folder}: {verdict}")
    return 0 if rebuilt.equal else 1


def lock(*, json: bool = False) -> int:
    """Close the last week or month for the analyst tier, with a build, if one has ended since the last lock.

    Parameters
    ----------
    json
        Answer as JSON.
    """
    from control_room.answers import answer_json, notice, say
    from control_room.homes import present_home
    from control_room.process_status import require_running
    from warehouse_releases.lock_on_request import lock_now

    home, settings = present_home()
    require_running(home, settings)
    answer = lock_now(home, settings, progress=notice)
    if json:
        answer_json(answer.as_json())
    else:
        say(answer.reason or f"lock {answer.as_json()['period']}: closed until {answer.as_json()['closed_until']}")
    return 1 if answer.failed else 0


def sql(
    statement: str, /, *, json: bool = False, tier: Tier = "analyst", cite: bool = False, lock: str | None = None
) -> None:
    """Query the current release, read-only.

    Parameters
    ----------
    statement
        A query; the marts are reachable by their bare names.
    json
        Answer as an array of objects; with --cite as an object with `citation` and `rows`.
    tier
        Which of the release's two files to read.
    cite
        Say also what the answer is to be cited by.
    lock
        Read what analysts were shown at this data lock, such as 2026-W47: to check a citation.
    """
    from control_room.answers import answer_json, answer_records, say
    from control_room.homes import present_home
    from warehouse_releases.readers import query, query_cited

    home, _ = present_home()
    if not cite:
        (answer_json if json else answer_records)(query(home, statement, tier, lock))
        return
    rows, citation = query_cited(home, statement, tier, lock)
    if json:
        answer_json({"citation": citation.as_json(), "rows": rows})
    else:
        answer_records(rows)
        say(citation.line())


def releases(*, json: bool = False) -> None:
    """List the releases, the newest first.

    Parameters
    ----------
    json
        Answer as JSON.
    """
    from control_room.answers import answer_json, answer_records
    from control_room.homes import present_home
    from warehouse_releases.readers import list_releases

    home, _ = present_home()
    (answer_json if json else answer_records)(list_releases(home))


def export(folder: str, /, *tables: str, format: Literal["parquet", "csv"] = "parquet", tier: Tier = "analyst") -> None:
    """Write tables of the current release as files, and beside them, in `citations.json`, what to cite them by.

    Parameters
    ----------
    folder
        Where to; it is made when it is not there.
    tables
        Which marts; all of them when none is named.
    format
        Of the files.
    tier
        Which of the release's two files to read.
    """
    from control_room.answers import say
    from control_room.homes import present_home
    from warehouse_releases.exporting import export as export_tables

    if not folder:
        raise ValueError("export where to? the folder has no name")
    home, _ = present_home()
    for path in export_tables(home, list(tables), Path(folder), format, tier):
        say(str(path))
