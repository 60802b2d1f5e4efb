"""One release: gather, build, audit, show. Each step leaves its traces in the build's folder and nowhere else."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import msgspec
from sqlalchemy import Engine

from clinic_events.resources import bundled
from disclosure_control.declarations import DeclarationIncomplete
from network_registry.home import Home
from network_registry.settings import Settings
from warehouse_releases.build_folders import BuildFolder, store
from warehouse_releases.build_inputs import BuildInputs, export_registry, gather_inputs
from warehouse_releases.ledger import Release
from warehouse_releases.lock_folders import LockDamaged
from warehouse_releases.locking import Locking, provide_analyst_file
from warehouse_releases.manifest import code_versions, describe
from warehouse_releases.mart_comparison import checksums
from warehouse_releases.officer_file import descriptions, write_officer_file
from warehouse_releases.one_line import in_one_line
from warehouse_releases.store import NotKept
from warehouse_releases.store_partitions import Listing
from warehouse_releases.versions import keep_failed, next_release_id, prune, publish, recover, write_manifest
from warehouse_releases.workshop import Work, begin_work

if TYPE_CHECKING:
    from warehouse_releases.audit import CheckResult
    from warehouse_releases.dbt_build import DbtOutcome

Progress = Callable[[str], None]
Checks = list[dict[str, Any]]

_TEST_STATUS = {"pass": "passed", "warn": "warned", "fail": "failed"}


@dataclass(frozen=True)
class Verdict:
    """`failed` is build_failed or audit_failed, with the one line that says why; None for a build that may be shown.

    `stored` is what its file needs of the store; None when there is no such file. `lock` says for the manifest which
    data lock the analyst's file shows.
    """

    checks: Checks
    failed: str | None = None
    error: str | None = None
    stored: Listing | None = None
    lock: dict[str, Any] = field(default_factory=dict)


def import_tools() -> None:
    """Import dbt and Great Expectations and parse the project now, which takes ten seconds, and not when asked."""
    import warehouse_releases.audit
    import warehouse_releases.dbt_build  # noqa: F401
    from warehouse_releases.parsed_project import DbtNotParsed, parse_project

    # A project that cannot be parsed is a build that failed: it is told then, with the release that it was for.
    with suppress(DbtNotParsed):
        parse_project(bundled("dbt"), bundled("schemas") / "vocabularies")


def build_release(
    home: Home, settings: Settings, engine: Engine, progress: Progress = lambda _: None, may_lock: bool = False
) -> Release:
    """Build a release of what is in the lake now, and show it if it passes its audit; `may_lock` what has closed.

    To be called by the holder of the builder's lock. The answer's `status` says what became of it; the last good
    release stays up unless it is `released`.
    """
    recover(home, engine, progress)
    inputs = gather_inputs(home, settings, engine)
    build = BuildFolder(home.builds / str(next_release_id(home, engine))).create()
    created_at = datetime.now(UTC)
    code = code_versions(bundled("dbt"), bundled("schemas") / "vocabularies")
    work = begin_work(home, inputs, json.dumps(code, sort_keys=True))
    inputs = work.inputs
    progress("building" if work.new is None else f"building on: {len(work.new)} new segments")
    outcome = _build(build, work, settings, progress)
    progress("auditing")
    verdict = _judge(home, build, work.database, inputs, outcome)
    if verdict.failed is None:
        locking = Locking(home, settings, engine, build, work.database, inputs, outcome.manifest, code)
        verdict = _locked(locking, verdict, may_lock, progress)
    manifest = describe(build.release_id, created_at, inputs, code, verdict.checks) | verdict.lock
    manifest["store"] = msgspec.to_builtins(verdict.stored)
    write_manifest(build, manifest | _ending(build, verdict))
    progress("releasing" if verdict.failed is None else "keeping it for study")
    release = keep_failed(engine, build) if verdict.failed else publish(home, engine, build)
    prune(home, settings.keep_versions)
    return release


def _ending(build: BuildFolder, verdict: Verdict) -> dict[str, Any]:
    if verdict.failed:
        return {"failed": verdict.failed, "error": verdict.error}
    return {"marts": checksums(build.warehouse("officer"))}


def _build(build: BuildFolder, work: Work, settings: Settings, progress: Progress) -> "DbtOutcome":
    from warehouse_releases.dbt_build import run_dbt

    export_registry(work.inputs, build.registry_export)
    variables = work.inputs.dbt_variables(build.registry_export, work.new)
    try:
        outcome = run_dbt(bundled("dbt"), build, work.database, variables, settings, work.watched(progress))
        # A test that fails is a verdict on the database, which may be whole for all that.
        if outcome.is_whole:
            work.done()
        else:
            work.failed()
    except Exception:
        work.failed()
        raise
    return outcome


def _judge(home: Home, build: BuildFolder, database: Path, inputs: BuildInputs, outcome: "DbtOutcome") -> Verdict:
    from warehouse_releases.audit import audit

    tests = _tests(outcome)
    if outcome.error:
        return Verdict(tests, "build_failed", outcome.error)
    if not outcome.is_whole:
        return Verdict(tests, "audit_failed", _told([test for test in tests if test["status"] == "failed"]))
    officer = build.warehouse("officer")
    try:
        stored = write_officer_file(database, officer, store(home), descriptions(outcome.manifest))
    except (NotKept, duckdb.Error) as error:
        return Verdict(tests, "build_failed", in_one_line(error))
    checks = tests + [_expectation(result) for result in audit(build, inputs.lake, inputs.segments)]
    if broken := [check for check in checks if check["status"] == "failed"]:
        return Verdict(checks, "audit_failed", _told(broken), stored)
    return Verdict(checks, stored=stored)


def _locked(locking: Locking, verdict: Verdict, may_lock: bool, progress: Progress) -> Verdict:
    """The verdict with the lock that the analyst's file shows."""
    try:
        return replace(verdict, lock=provide_analyst_file(locking, may_lock, progress))
    except (DeclarationIncomplete, LockDamaged, duckdb.Error) as error:
        return replace(verdict, failed="build_failed", error=in_one_line(error))


def _tests(outcome: "DbtOutcome") -> Checks:
    """The project's own tests, each once for every model that it is about."""
    return [
        {
            "table": model,
            "check": node.name,
            "source": "dbt",
            "status": _TEST_STATUS.get(node.status, "failed"),
            "detail": "" if node.status == "pass" else node.message or node.status,
        }
        for node in outcome.nodes
        if node.kind == "test" and not node.is_left_out
        for model in node.models or ("project",)
    ]


def _expectation(result: "CheckResult") -> dict[str, Any]:
    status = "passed" if result.passed else "failed"
    return {"table": result.table, "check": result.check, "source": "audit", "status": status, "detail": result.detail}


def _told(broken: Checks) -> str:
    first = "; ".join(f"{check['table']}: {check['check']} ({check['detail']})" for check in broken[:3])
    return first if len(broken) <= 3 else f"{first}; and {len(broken) - 3} more"
