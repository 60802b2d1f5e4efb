"""A release that dbt built once for this folder's tests, and places where builds take over what it made."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import msgspec
import pytest
from sqlalchemy import Engine

from clinic_events.network_records import encode
from clinic_events.resources import bundled
from network_registry.clinics import add_clinic
from network_registry.database import open_registry
from network_registry.home import Home
from network_registry.keys import mint_keys
from network_registry.settings import Settings
from network_registry.studies import register_study
from network_registry.topics import EVENTS, QUARANTINE
from warehouse_releases import builder, dbt_build
from warehouse_releases.build_folders import current_release
from warehouse_releases.decoded_segments import decode_segment
from warehouse_releases.lake import list_segments, prepare, write_segment
from warehouse_releases.landed_records import LANDED_TOPICS
from warehouse_releases.ledger import LOCK
from warehouse_releases.parsed_project import describe_project
from warehouse_releases.segments import Segment, Source
from warehouse_releases.workshop import workshop

AS_OF = datetime(2026, 9, 27, 18, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Place:
    home: Home
    settings: Settings

    @property
    def ledger(self) -> Engine:
        return open_registry(self.home)

    def land(self, topic: str, *records: msgspec.Struct) -> None:
        """Land records behind those that are there."""
        first = sum(one.last - one.first + 1 for one in list_segments(self.home.lake, [topic]))
        numbered_records = [(first + n, encode(record)) for n, record in enumerate(records)]
        segment = Segment(Source(topic, "cluster", "id", 0), first, first + len(records) - 1, date(2026, 9, 1))
        write_segment(self.home.lake, segment, decode_segment(LANDED_TOPICS[topic], 0, numbered_records).table)

    def shown(self) -> int | None:
        current = current_release(self.home)
        return current.release_id if current else None


def copied(place: Place, folder: Path) -> Place:
    """The same in another folder. The registry by SQLite's own copy: what it keeps beside the file comes and goes."""
    ignored = shutil.ignore_patterns(f"{place.home.registry_db.name}*")
    shutil.copytree(place.home.root, folder, symlinks=True, ignore=ignored)
    home = Home(folder)
    with closing(sqlite3.connect(place.home.registry_db)) as kept, closing(sqlite3.connect(home.registry_db)) as copy:
        kept.backup(copy)
    return Place(home, place.settings.model_copy(update={"home": home.root}))


def new_place(folder: Path) -> Place:
    home = Home(folder).create()
    mint_keys(home)
    prepare(home.lake)
    return Place(home, Settings(home=home.root, as_of=AS_OF, build_interval_s=0.1))


def land_a_little_of_everything(place: Place, stream) -> None:
    needles, facts = [{"point": "St 36"}], {"needles": [{"point_code": "ST36", "region": "lower_leg"}]}
    session = {"session_id": "s1", "needles_inserted": 2, "ae_screen_method": "checklist", "needles": needles}
    report = stream.accepted(
        2,
        event_type="adverse_event.reported",
        data={"term": "haematoma_bruise", "severity": "mild", "session_id": "s1"},
    )
    place.land(
        EVENTS,
        stream.accepted(0, event_type="patient.enrolled", data={"age_years": 40, "sex": "female"}),
        stream.accepted(1, event_type="session.completed", data=session, facts=facts),
        report,
        stream.accepted(3, "one-id"),
        stream.accepted(4, "one-id", content="something else"),
        report,
        msgspec.structs.replace(stream.accepted(7, data={"session_id": "not-real"}), is_test=True),
    )
    place.land(QUARANTINE, stream.quarantined(5, "missing_field"), stream.quarantined(6))


@pytest.fixture(scope="session")
def worked_on(tmp_path_factory) -> Path:
    """Where a copy is kept of the database that dbt worked on for `released`."""
    return tmp_path_factory.mktemp("worked_on") / "warehouse.duckdb"


@pytest.fixture(scope="session")
def released(tmp_path_factory, stream, worked_on) -> Place:
    """A place with one release, built by dbt and audited by Great Expectations, and a lock."""
    place = new_place(tmp_path_factory.mktemp("released") / "home")
    add_clinic(place.ledger, "north")
    register_study(place.ledger, "trial", "usual-care")
    land_a_little_of_everything(place, stream)
    release = builder.build_now(place.home, place.settings, wait_landed=False, requested_by=LOCK)
    assert release.status == "released", release.manifest.get("error")
    shutil.copy(workshop(place.home) / "warehouse.duckdb", worked_on)
    return place


@pytest.fixture
def replayed(released, worked_on, tmp_path, monkeypatch):
    """A place like `released`, where a build takes over what dbt made there, with something planted in it."""

    def place_with(plant: str = "") -> Place:
        place = new_place(tmp_path / "home")
        shutil.copytree(released.home.lake, place.home.lake, dirs_exist_ok=True)

        def take_over(project, build, database, variables, settings, watched=None):
            shutil.copy(worked_on, database)
            with duckdb.connect(str(database)) as connection:
                connection.execute(plant or "checkpoint")
            return dbt_build.DbtOutcome((), describe_project(project, bundled("schemas") / "vocabularies"))

        def lock_what_was_made(project, build, database, variables, settings, schema):
            with duckdb.connect(str(database)) as connection:
                connection.execute(f"create schema {schema}")
                marts = connection.execute(
                    "select table_name from duckdb_tables() where schema_name = 'main'"
                ).fetchall()
                for (mart,) in marts:
                    connection.execute(f"create table {schema}.{mart} as from main.{mart}")
            return dbt_build.DbtOutcome((), {})

        monkeypatch.setattr(dbt_build, "run_dbt", take_over)
        monkeypatch.setattr(dbt_build, "run_locked_marts", lock_what_was_made)
        return place

    return place_with


@pytest.fixture
def empty_place(tmp_path: Path) -> Place:
    return new_place(tmp_path / "empty")
