"""The dbt project is parsed once for all processes of a user, and again whenever what was kept is not what it was."""

import shutil
from pathlib import Path

import pytest

from clinic_events.resources import bundled
from network_registry.user_cache import user_cache
from warehouse_releases import parsed_project
from warehouse_releases.parsed_project import DbtNotParsed, describe_project, parse_project

VOCABULARIES = bundled("schemas") / "vocabularies"
# Where statistics are sent, dbt writes who sends them beside the project.
SETTINGS = """\
name: small
version: "1.0"
config-version: 2
profile: meridian
flags: {send_anonymous_usage_stats: false}
"""


@pytest.fixture(autouse=True)
def cache(monkeypatch, tmp_path):
    """A cache of this test's own; a process that has just started."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    new_process()
    yield
    new_process()


@pytest.fixture
def project(tmp_path) -> Path:
    """A project of one model."""
    folder = tmp_path / "dbt"
    (folder / "models").mkdir(parents=True)
    (folder / "models" / "one.sql").write_text("select 1 as n")
    (folder / "dbt_project.yml").write_text(SETTINGS)
    shutil.copy(bundled("dbt") / "profiles.yml", folder)
    return folder


def new_process() -> None:
    parsed_project._parsed.cache_clear()


@pytest.fixture
def parses(monkeypatch) -> list:
    """Of each time that the project's files are read, the folder."""
    seen, parse = [], parsed_project._parse

    def parsed(project):
        seen.append(project)
        return parse(project)

    monkeypatch.setattr(parsed_project, "_parse", parsed)
    return seen


def test_the_next_process_takes_what_the_last_one_parsed(project, parses) -> None:
    first = parse_project(project, VOCABULARIES)
    new_process()
    second = parse_project(project, VOCABULARIES)
    assert len(parses) == 1
    assert first is not second and first.nodes.keys() == second.nodes.keys()


def test_what_is_damaged_in_the_cache_is_parsed_again(project, parses) -> None:
    parse_project(project, VOCABULARIES)
    [kept] = user_cache().iterdir()
    for damaged in (kept.read_bytes()[:-100], b"", b"x" * 5000):
        kept.write_bytes(damaged)
        new_process()
        assert parse_project(project, VOCABULARIES).nodes
    assert len(parses) == 4


def test_a_run_may_write_into_what_it_gets(project) -> None:
    parse_project(project, VOCABULARIES).nodes.clear()
    assert parse_project(project, VOCABULARIES).nodes


def test_without_a_place_to_keep_it_it_is_parsed_all_the_same(monkeypatch, tmp_path, project, parses) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert parse_project(project, VOCABULARIES).nodes


def test_what_has_changed_is_parsed_again_and_what_is_broken_is_told_in_one_line(project) -> None:
    parse_project(project, VOCABULARIES)
    (project / "models" / "broken.sql").write_text("select {{ ref('nothing') }}")
    with pytest.raises(DbtNotParsed, match=r"^[^\n]*nothing[^\n]*$"):
        parse_project(project, VOCABULARIES)


def test_what_dbt_writes_of_the_project_is_kept_with_it(project, parses) -> None:
    parse_project(project, VOCABULARIES)
    new_process()
    described = describe_project(project, VOCABULARIES)["nodes"]["model.small.one"]
    assert (described["name"], described["raw_code"], described["schema"]) == ("one", "select 1 as n", "main")
    assert len(parses) == 1
