"""The store: a release costs disk for what changed and shows what it showed."""

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from warehouse_releases.build_folders import store
from warehouse_releases.damage import read_listing
from warehouse_releases.readers import query
from warehouse_releases.store import NotKept

from .conftest import MONTHS, SESSIONS, Network, disk, partitions, sessions


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
