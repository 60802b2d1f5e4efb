"""The store: a release costs disk for what changed, shows what it showed, and what nobody names any more goes."""

import json
import os
import shutil
from pathlib import Path

import duckdb
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from network_registry.database import open_registry
from network_registry.home import Home
from warehouse_releases import versions
from warehouse_releases.build_folders import BuildFolder, current_release, numbered, store
from warehouse_releases.damage import read_listing
from warehouse_releases.officer_file import Description, write_officer_file
from warehouse_releases.readers import ReleaseUnreadable, query
from warehouse_releases.store import NotKept
from warehouse_releases.store_partitions import Listing
from warehouse_releases.store_pruning import forget_everything_built, prune_store
from warehouse_releases.versions import prune, publish, recover, write_manifest
from warehouse_releases.workshop import workshop

MOMENT = "2026-09-01T08:00:00+00:00"
SESSIONS = "core.sessions"
MONTHS = ("2026-07", "2026-08", "2026-09")


class Network:
    """A working database with sessions of three months, and releases made of it."""

    def __init__(self, folder: Path) -> None:
        self.home = Home(folder / "home").create()
        self.database = folder / "working.duckdb"
        self.work(
            "create schema core",
            "create table core.sessions (session_id varchar, month date, needles varchar[])",
            "create table core.clinics as select 'north' as clinic_id",
            "create table mart_sessions (n bigint)",
        )
        for month in MONTHS:
            self.add(month, 2000)

    def work(self, *statements: str) -> None:
        with duckdb.connect(str(self.database)) as connection:
            for statement in statements:
                connection.execute(statement)

    def add(self, month: str, sessions: int) -> None:
        made = f"select md5(random()::varchar), date '{month}-01', [md5(random()::varchar)] from range({sessions})"
        self.work(
            f"insert into core.sessions {made}",
            "delete from mart_sessions",
            "insert into mart_sessions select count(*) from core.sessions",
        )

    def build(self, changed=None, previous: Listing | None = None, **manifest) -> BuildFolder:
        build = BuildFolder(self.home.builds / str(versions.next_release_id(self.home, self.ledger))).create()
        told = {SESSIONS: Description("Sessions.", {"month": "The month."})}
        listing = write_officer_file(
            self.database, build.warehouse("officer"), store(self.home), told, previous, changed
        )
        with duckdb.connect(str(build.warehouse("analyst"))) as connection:
            connection.execute("create table mart_sessions as select 1 as n")
        said = {"created_at": MOMENT, "as_of": MOMENT, "store": json.loads(msgspec.json.encode(listing))}
        write_manifest(build, said | manifest)
        return build

    def release(self, changed=None) -> BuildFolder:
        shown = current_release(self.home)
        build = self.build(changed, read_listing(shown) if shown else None)
        publish(self.home, self.ledger, build)
        return BuildFolder(versions.versions(self.home) / build.root.name)

    @property
    def ledger(self):
        return open_registry(self.home)

    def files(self) -> set[str]:
        return {str(path.relative_to(store(self.home))) for path in store(self.home).rglob("*.parquet")}


@pytest.fixture
def network(tmp_path) -> Network:
    return Network(tmp_path)


def partitions(build: BuildFolder, table: str = SESSIONS) -> dict[str, str]:
    listing = read_listing(build)
    assert listing is not None
    return {month: part.file for month, part in listing.tables[table].partitions.items()}


def named(*builds: BuildFolder) -> set[str]:
    return {part.file for build in builds for part in read_listing(build).partitions}


def disk(folder: Path) -> int:
    """Bytes of a folder, as `du` counts them: a file with two names counts once."""
    found = {path.stat().st_ino: path.stat().st_blocks * 512 for path in folder.rglob("*") if path.is_file()}
    return sum(found.values())


def sessions(file: Path) -> int:
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.execute("select count(*) from core.sessions").fetchall()[0][0]


def test_a_release_costs_disk_for_the_month_that_changed_and_shares_the_others(network):
    for month in MONTHS[:2]:
        network.add(month, 60_000)
    first = network.release()
    inodes = {file: (store(network.home) / file).stat().st_ino for file in network.files()}
    whole = disk(network.home.warehouse)
    network.add("2026-09", 20)
    second = network.release()
    then, now = partitions(first), partitions(second)
    assert set(then) == set(now) == set(MONTHS)
    assert {month for month in MONTHS if then[month] != now[month]} == {"2026-09"}
    assert all((store(network.home) / file).stat().st_ino == inode for file, inode in inodes.items())
    assert network.files() - inodes.keys() == {now["2026-09"]}
    assert disk(network.home.warehouse) - whole < whole / 5
    assert (sessions(first.warehouse("officer")), sessions(second.warehouse("officer"))) == (126_000, 126_020)


def test_nothing_is_written_again_when_nothing_has_changed_and_rows_have_another_order(network):
    first = network.release()
    network.work(
        "create table core.shuffled as from core.sessions order by session_id",
        "drop table core.sessions",
        "alter table core.shuffled rename to sessions",
    )
    assert partitions(network.release()) == partitions(first)


@pytest.mark.parametrize(
    "change",
    [
        "update core.sessions set needles = [] where session_id = 'a'",
        "update core.sessions set needles = [null] where session_id = 'a'",
        "update core.sessions set needles = ['p', 'q'] where session_id = 'a'",
        "update core.sessions set needles = ['p, q'] where session_id = 'a'",
        "update core.sessions set session_id = case session_id when 'a' then 'b' else 'a' end where session_id < 'c'",
        "delete from core.sessions where session_id = 'a'",
        "insert into core.sessions values ('a', date '2026-09-01', null)",
        "alter table core.sessions add column arm varchar",
        "alter table core.sessions alter session_id type json using to_json(session_id)",
    ],
)
def test_whatever_changes_in_a_month_is_another_file(network, change):
    network.work(
        "delete from core.sessions",
        "insert into core.sessions values ('a', date '2026-09-01', null), ('b', date '2026-09-01', ['n'])",
    )
    first = network.release()
    network.work(change)
    assert partitions(network.release())["2026-09"] != partitions(first)["2026-09"]


def test_months_that_are_not_named_are_taken_over_and_nobody_reads_them(network):
    first = network.release()
    network.work("update core.sessions set needles = ['other']")
    second = network.release({SESSIONS: {"2026-09"}})
    assert {month for month in MONTHS if partitions(second)[month] != partitions(first)[month]} == {"2026-09"}


def test_a_month_that_has_gone_and_one_that_is_new_are_seen_when_they_are_named(network):
    network.release()
    network.work("delete from core.sessions where month = date '2026-07-01'")
    network.add("2026-10", 5)
    second = network.release({SESSIONS: {"2026-07", "2026-10"}})
    assert set(partitions(second)) == {"2026-08", "2026-09", "2026-10"}
    assert sessions(second.warehouse("officer")) == 4005


def test_a_month_that_whoever_named_the_others_forgot_is_found_by_the_count(network):
    network.release()
    network.add("2026-08", 1)
    assert sessions(network.release({SESSIONS: {"2026-09"}}).warehouse("officer")) == 6001


def test_what_is_taken_over_but_broken_is_written_again(network):
    file = store(network.home) / partitions(network.release())["2026-07"]
    file.chmod(0o600)
    file.write_bytes(file.read_bytes()[:100])
    for changed in ({}, None):
        network.release(changed)
        assert query(network.home, "select count(*) as n from core.sessions", "officer") == [{"n": 6000}]


def test_rows_without_a_month_and_tables_without_a_row_are_kept_too(network):
    network.work(
        "update core.sessions set month = null where month = date '2026-07-01'",
        "create table core.needles (session_id varchar, month date)",
    )
    release = network.release()
    assert set(partitions(release)) == {"none", "2026-08", "2026-09"}
    assert set(partitions(release, "core.needles")) == set(partitions(release, "core.clinics")) == {"all"}
    with duckdb.connect(str(release.warehouse("officer")), read_only=True) as connection:
        assert connection.execute("select count(*) from core.needles").fetchall() == [(0,)]
    network.work("update core.sessions set month = date '2026-07-01' where month is null")
    network.work("insert into core.needles values ('a', date '2026-07-01')")
    second = network.release({SESSIONS: {"none", "2026-07"}, "core.needles": {"2026-07"}})
    assert (set(partitions(second)), set(partitions(second, "core.needles"))) == (set(MONTHS), {"2026-07"})


def test_a_type_that_parquet_would_change_is_refused(network):
    network.work("create table core.sums as select 1::hugeint as total")
    with pytest.raises(NotKept, match=r"core.sums.total is a HUGEINT, which Parquet keeps as DOUBLE"):
        network.build()


def test_the_descriptions_are_comments_of_the_views(network):
    network.release()
    told = "select comment from duckdb_columns() where table_name = 'sessions' and column_name = 'month'"
    assert query(network.home, told, "officer") == [{"comment": "The month."}]
    table = "select comment from duckdb_views() where view_name = 'sessions'"
    assert query(network.home, table, "officer") == [{"comment": "Sessions."}]


def test_only_the_owner_reads_the_store_and_nobody_writes_there(network):
    network.release()
    modes = {path.stat().st_mode & 0o777 for path in store(network.home).rglob("*.parquet")}
    folders = {path.stat().st_mode & 0o777 for path in (store(network.home), *store(network.home).iterdir())}
    assert (modes, folders) == ({0o400}, {0o700})


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
    prune(network.home)
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


ROWS = st.dictionaries(
    st.integers(0, 20),
    st.tuples(st.sampled_from([*MONTHS, None]), st.lists(st.sampled_from(["", "x", None]), max_size=2)),
)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(ROWS, min_size=2, max_size=3))
def test_a_release_of_the_months_that_changed_shows_what_a_release_of_everything_shows(steps, tmp_path_factory):
    network = Network(tmp_path_factory.mktemp("network"))
    network.work("delete from core.sessions")
    before, listing = {}, read_listing(network.build())
    for rows in steps:
        network.work("delete from core.sessions")
        with duckdb.connect(str(network.database)) as connection:
            for key, (month, needles) in rows.items():
                day = f"{month}-01" if month else None
                connection.execute("insert into core.sessions values (?, ?, ?)", [str(key), day, needles])
        touched = {key for key in before.keys() | rows.keys() if before.get(key) != rows.get(key)}
        changed = {side[key][0] or "none" for side in (before, rows) for key in touched & side.keys()}
        release = network.build({SESSIONS: changed}, listing)
        listing = read_listing(release)
        with duckdb.connect(str(release.warehouse("officer")), read_only=True) as connection:
            shown = connection.execute("select session_id, month, needles from core.sessions order by 1").fetchall()
        expected = [(str(key), f"{month}-01" if month else None, needles) for key, (month, needles) in rows.items()]
        assert [(key, day and str(day), needles) for key, day, needles in shown] == sorted(expected)
        before = rows
