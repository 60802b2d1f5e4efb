"""A working database, and releases that are made of it."""

import json
from pathlib import Path

import duckdb
import msgspec
import pytest

from network_registry.database import open_registry
from network_registry.home import Home
from warehouse_releases import versions
from warehouse_releases.build_folders import BuildFolder, current_release, store
from warehouse_releases.damage import read_listing
from warehouse_releases.officer_file import Description, write_officer_file
from warehouse_releases.store_partitions import Listing
from warehouse_releases.versions import publish, write_manifest

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
