"""What nobody names any more goes from the store, and nothing else, wherever the builder dies."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

import pytest

from network_registry.database import open_registry
from network_registry.home import Home
from warehouse_releases import versions
from warehouse_releases.build_folders import BuildFolder, current_release, numbered, store
from warehouse_releases.damage import damage
from warehouse_releases.readers import ReleaseUnreadable, query
from warehouse_releases.store_pruning import forget_everything_built, prune_store
from warehouse_releases.versions import prune, recover
from warehouse_releases.workshop import workshop

from ..deaths import Killed, die_at
from .conftest import SESSIONS, named, partitions, sessions


def age(home: Home) -> None:
    for build in numbered(versions.versions(home)):
        os.utime(build.manifest, (0, 0))


def test_what_goes_with_a_version_is_what_no_other_names(network):
    released = []
    for _ in range(4):
        network.add("2026-09", 1)
        released.append(network.release())
    network.add("2026-07", 1)
    failed = network.build(failed="audit_failed", error="red")
    age(network.home)
    only_of_the_first = named(released[0]) - named(*released[1:], failed)
    assert len(only_of_the_first) == 1
    expected = network.files() - only_of_the_first
    prune(network.home, 3)
    assert not released[0].root.exists()
    assert network.files() == expected == named(*released[1:], failed)
    assert [sessions(release.warehouse("officer")) for release in released[1:]] == [6002, 6003, 6004]


def test_what_a_killed_builder_left_goes_and_what_is_set_aside_stays(network):
    released = network.release()
    network.add("2026-08", 3)
    second = network.release()
    second.warehouse("analyst").unlink()
    network.add("2026-07", 3)
    killed = network.build()
    killed.manifest.unlink()
    aside = store(network.home) / SESSIONS / ".half.parquet.aside"
    aside.write_text("half")
    recover(network.home, network.ledger)
    second = BuildFolder(second.root.with_name("2.damaged"))
    assert prune_store(network.home) == 1
    assert network.files() == named(released, second)
    assert not aside.exists()


def test_nothing_goes_while_a_version_does_not_say_what_it_is_made_of(network):
    released = network.release()
    released.manifest.write_text("{garbage")
    assert prune_store(network.home) == 0
    assert len(network.files()) == 4


def test_an_erasure_leaves_nothing_of_what_was_built(network):
    network.release()
    workshop(network.home).mkdir(parents=True)
    shutil.copy(network.database, workshop(network.home))
    assert forget_everything_built(network.home) == 0
    assert not workshop(network.home).exists()
    shutil.rmtree(versions.versions(network.home))
    assert forget_everything_built(network.home) == 4
    assert list(store(network.home).iterdir()) == []


@pytest.mark.parametrize("break_it", ["unlink", "cut"])
def test_a_version_whose_store_is_broken_is_set_aside(network, break_it):
    network.release()
    network.add("2026-09", 1)
    second = network.release()
    broken = store(network.home) / partitions(second)["2026-09"]
    if break_it == "unlink":
        broken.unlink()
    else:
        broken.chmod(0o600)
        broken.write_bytes(broken.read_bytes()[:-1])
    told = []
    recover(network.home, network.ledger, told.append)
    assert len(told) == 1 and "of its store is missing or has not its size" in told[0]
    assert current_release(network.home).release_id == 1


@pytest.mark.parametrize("how", [shutil.copytree, shutil.move])
def test_a_home_that_was_copied_or_moved_reads_its_own_store(network, tmp_path, how):
    network.release()
    there = Home(tmp_path / "there")
    how(network.home.root, there.root, **({"symlinks": True} if how is shutil.copytree else {}))
    count = "select count(*) as n from core.sessions"
    with pytest.raises(ReleaseUnreadable):
        query(there, count, "officer")
    recover(there, open_registry(there))
    assert query(there, count, "officer") == [{"n": 6000}]
    told = "select comment from duckdb_columns() where table_name = 'sessions' and column_name = 'month'"
    assert query(there, told, "officer") == [{"comment": "The month."}]
    recover(there, open_registry(there))
    assert current_release(there).release_id == 1


@pytest.mark.parametrize("step", range(0, 12, 2))
def test_wherever_a_builder_dies_no_version_loses_a_file_and_the_next_one_clears_up(network, monkeypatch, step):
    for _ in range(3):
        network.add("2026-08", 1)
        network.release()
    age(network.home)
    network.add("2026-09", 1)
    with monkeypatch.context() as patched, suppress(Killed):
        die_at(step, patched, [(Path, name) for name in ("replace", "rename", "unlink")])
        network.work("update core.sessions set needles = ['other'] where month = date '2026-09-01'")
        network.release()
        prune(network.home, 3)
    kept = numbered(versions.versions(network.home))
    assert [damage(build) for build in kept] == [None] * len(kept)
    recover(network.home, network.ledger)
    prune(network.home, 3)
    kept = numbered(versions.versions(network.home))
    assert len(kept) >= 3
    assert network.files() == named(*kept)
    assert not list(store(network.home).rglob(".*"))
