"""Run the dbt project on the working database, in this process. Importing this module imports dbt: two seconds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import msgspec
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest

from clinic_events.resources import bundled
from network_registry.settings import Settings
from warehouse_releases.build_folders import BuildFolder
from warehouse_releases.dbt_invocation import dbt_command, environment
from warehouse_releases.declared_checks import CHECKED_AT_ONCE, check_declared
from warehouse_releases.models_watched import ModelsWatched
from warehouse_releases.node_results import NodeResult
from warehouse_releases.one_line import in_one_line
from warehouse_releases.parsed_project import DbtNotParsed, describe_project, parse_project

_FAILED_NODES = {"error", "runtime error"}
_MADE = ("model", "seed")


@dataclass(frozen=True)
class DbtOutcome:
    """`manifest` is dbt's `manifest.json`, without what was compiled. `error` is one line when something could not be
    built at all; a failed test is no error but a verdict."""

    nodes: tuple[NodeResult, ...]
    manifest: dict[str, Any]
    error: str | None = None

    @property
    def is_whole(self) -> bool:
        """False where something was not built."""
        return self.error is None and not any(node.is_left_out for node in self.nodes)


def run_dbt(
    project: Path,
    build: BuildFolder,
    database: Path,
    variables: dict[str, Any],
    settings: Settings,
    watched: ModelsWatched | None = None,
) -> DbtOutcome:
    """Seeds, models and tests, `dbt build`, in `database`; all else that dbt writes goes into the build's folder. What
    is declared of single tables is checked behind it. What `watched` says stands already is not made again."""
    at_once = (f"test_name:{name}" for name in CHECKED_AT_ONCE)
    # What an increment goes on from was made by the same code: it has the same vocabularies.
    kinds = ["unit_test", *(["seed"] if variables["is_increment"] else [])]
    left_out = [*(word for kind in kinds for word in ("--exclude-resource-type", kind)), "--exclude", *at_once]
    # A model is left out without its tests. What was made and not noted is not taken for something to add to.
    standing = watched.standing if watched else []
    going_on = ["--indirect-selection", "empty", "--full-refresh"] if watched and watched.goes_on else []
    command = [*dbt_command("build", project, build.dbt_target.parent), *going_on, *left_out, *standing]
    outcome = _run(project, database, command, variables, settings, lambda manifest: _begin(watched, manifest), watched)
    if not outcome.is_whole:
        return outcome
    try:
        return replace(outcome, nodes=(*outcome.nodes, *check_declared(database, outcome.manifest, settings)))
    except duckdb.Error as error:
        return replace(outcome, error=_one_line(str(error)))


def _begin(watched: ModelsWatched | None, manifest: Manifest) -> None:
    if watched is not None:
        watched.begin({name for name, node in manifest.nodes.items() if node.resource_type in _MADE})


def _following(watched: ModelsWatched) -> Callable[[Any], None]:
    def hear(event: Any) -> None:
        if event.info.name == "NodeFinished":
            node, result = event.data.node_info, event.data.run_result
            if node.resource_type in _MADE and result.status == "success":
                watched.stands(node.unique_id, round(result.execution_time, 3))

    return hear


def run_locked_marts(
    project: Path, build: BuildFolder, database: Path, variables: dict[str, Any], settings: Settings, schema: str
) -> DbtOutcome:
    """The analysts' marts, and what is between core and them, once more: into `schema`, from the core that `run_dbt`
    left. `variables` say until when periods are closed."""
    selected = ["--select", "config.meta.tier:analyst", "config.meta.at_lock:true"]
    command = [*dbt_command("run", project, build.dbt_target.parent / "lock"), *selected]
    return _run(project, database, command, variables, settings, lambda manifest: _lay_marts_into(manifest, schema))


def _lay_marts_into(manifest: Manifest, schema: str) -> None:
    for node in manifest.nodes.values():
        if node.resource_type == "model" and (node.meta.get("tier") == "analyst" or node.meta.get("at_lock")):
            node.schema = schema
            node.relation_name = f'"{node.database}"."{schema}"."{node.name}"'


def _run(
    project: Path,
    database: Path,
    command: list[str],
    variables: dict[str, Any],
    settings: Settings,
    prepare: Callable[[Manifest], None],
    watched: ModelsWatched | None = None,
) -> DbtOutcome:
    limits = {"MERIDIAN_BUILD_THREADS": str(settings.build_threads), "MERIDIAN_BUILD_MEMORY": settings.build_memory}
    vocabularies = bundled("schemas") / "vocabularies"
    with environment(MERIDIAN_BUILD_DB=str(database), **limits):
        try:
            parsed, manifest = parse_project(project, vocabularies), describe_project(project, vocabularies)
            prepare(parsed)
            given = ["--vars", msgspec.json.encode(variables).decode(), "--no-write-json"]
            hearing = [_following(watched)] if watched else []
            result = dbtRunner(manifest=parsed, callbacks=hearing).invoke([*command, *given])
        except DbtNotParsed as error:
            return DbtOutcome((), {}, str(error))
        finally:
            let_go()
    if isinstance(result.exception, KeyboardInterrupt):
        # It is not what was built that is wrong.
        raise result.exception
    _settle(database)
    nodes = tuple(_nodes(result.result, manifest))
    return DbtOutcome(nodes, manifest, _error(nodes, result.exception))


def _error(nodes: tuple[NodeResult, ...], exception: BaseException | None) -> str | None:
    broken = [node for node in nodes if node.status in _FAILED_NODES]
    if broken:
        return f"{broken[0].kind} {broken[0].name}: {_one_line(broken[0].message)}"
    if exception is not None:
        return _one_line(str(exception))
    return None if nodes else "dbt built nothing"


def _nodes(run: Any, manifest: dict[str, Any]) -> Iterator[NodeResult]:
    """`run` is what dbt's runner answers; None when it did not come to run anything."""
    for result in run.results if run else ():
        kind, _, name = result.node.unique_id.split(".")[:3]
        node = manifest["nodes"].get(result.node.unique_id, {})
        models = [one.split(".")[2] for one in node.get("depends_on", {}).get("nodes", ()) if one.startswith("model.")]
        about = tuple(models) if kind == "test" else ()
        yield NodeResult(name, kind, str(result.status), result.message, about)


def _settle(warehouse: Path) -> None:
    """Bring the write-ahead log into the file, so that the file alone is the warehouse."""
    if warehouse.exists():
        with duckdb.connect(str(warehouse)) as connection:
            connection.execute("checkpoint")


def let_go() -> None:
    """Close the database: dbt-duckdb keeps it open between invocations, and nobody else could read it then."""
    environment = DuckDBConnectionManager._ENV
    if environment is not None:
        environment.close()
    DuckDBConnectionManager.close_all_connections()


def _one_line(text: str | None) -> str:
    return in_one_line(text or "no reason given")[:500]
