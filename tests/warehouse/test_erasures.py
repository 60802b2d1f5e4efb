"""An erasure is finished by whoever comes next; until then a good release is on show, and after it no older one."""

import json
import shutil
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from network_registry.clinics import add_clinic
from network_registry.database import open_registry
from network_registry.erased_patients import ErasedList, hash_of_patient
from network_registry.erasures import list_erasures, open_erasures, request_erasure, rewritings, waiting_erasures
from network_registry.exports import list_exports, record_export
from network_registry.keys import KeyMissing, erasure_key
from network_registry.settings import Settings
from network_registry.topics import EVENTS
from warehouse_releases import erasure, erasure_purge, replacing, versions
from warehouse_releases.build_folders import BuildFolder, current_release, numbered
from warehouse_releases.erasure import work_on_erasures
from warehouse_releases.lake import prepare, write_segment
from warehouse_releases.landed_records import LANDED_TOPICS
from warehouse_releases.segments import Segment, Source

from .deaths import Killed, die_at

PATIENT = "ab" * 32


@pytest.fixture
def registry(home):
    engine = open_registry(home)
    add_clinic(engine, "north")
    return engine


def land(home, patient: str = PATIENT, first: int = 0) -> None:
    prepare(home.lake)
    row = {"clinic_id": "north", "event_id": f"e{first}", "event_type": "session.completed", "patient_id": patient,
           "origin_topic_id": "t", "origin_partition": 0, "origin_offset": first, "landed_offset": first}  # fmt: skip
    segment = Segment(Source(EVENTS, "c", "n", 0), first, first, date(2026, 9, 1))
    write_segment(home.lake, segment, pa.Table.from_pylist([row], LANDED_TOPICS[EVENTS].schema))


def built(home, engine, **failed) -> BuildFolder:
    """A build of what is in the lake now: whose data are in it stands in its officer's file."""
    build = BuildFolder(home.builds / str(versions.next_release_id(home, engine))).create()
    for tier in ("officer", "analyst"):
        build.warehouse(tier).write_text(" ".join(lake_bytes(home)))
    moment = datetime.now(UTC).isoformat()
    manifest = {"created_at": moment, "as_of": moment, "erasures": rewritings(engine)}
    versions.write_manifest(build, manifest | failed)
    return build


def lake_bytes(home) -> list[str]:
    return [PATIENT for path in home.lake.rglob("*.parquet") if PATIENT.encode() in path.read_bytes()]


@pytest.fixture
def builds(monkeypatch):
    """How the next builds end: released, unless a failure is named."""
    failures: list[str] = []

    def build_release(home, settings, engine, progress):
        versions.recover(home, engine)
        if failures:
            return versions.keep_failed(engine, built(home, engine, failed="audit_failed", error=failures.pop()))
        return versions.publish(home, engine, built(home, engine))

    monkeypatch.setattr(erasure, "build_release", build_release)
    return failures


def a_home_with_a_past(home, engine) -> None:
    """Two versions, one of them on show, a failed build and an export, all with the patient's data."""
    land(home)
    for _ in range(2):
        versions.publish(home, engine, built(home, engine))
    versions.keep_failed(engine, built(home, engine, failed="audit_failed", error="red"))
    export = home.root / "exports"
    export.mkdir()
    record_export(engine, 2, "officer", export, ["mart.csv"])
    (export / "mart.csv").write_text(PATIENT)


def ask(home, engine, patient: str = PATIENT) -> int:
    return request_erasure(engine, "north", hash_of_patient(erasure_key(home).secret, patient), "me", "asked by letter")


def work(home, engine, outboxes=lambda clinics, erased, only_count: 0) -> None:
    work_on_erasures(home, Settings(home=home.root), engine, outboxes, lambda _: None)


def left(home) -> list[Path]:
    return [path for path in home.root.rglob("*") if path.is_file() and PATIENT.encode() in path.read_bytes()]


def test_nothing_is_left_but_a_release_without_the_patient_and_a_row_that_says_how_much_went(home, registry, builds):
    a_home_with_a_past(home, registry)
    ask(home, registry)
    work(home, registry, lambda clinics, erased, only_count: 7 if clinics == {"north"} else 0)
    assert left(home) == []
    assert [build.release_id for build in numbered(versions.versions(home))] == [4]
    (done,) = list_erasures(registry)
    assert (done.status, done.release_id, done.error) == ("done", 4, None)
    assert done.counts == {
        "pseudonyms": 1, "rows": 1, "segments": 1, "versions": 2, "failed_builds": 1, "outbox_events": 7,
        "exported_files": 1,
    }  # fmt: skip
    assert list_exports(registry) == []
    assert PATIENT not in json.dumps([done.as_json()])


CHANGES = [
    *((Path, name) for name in ("rename", "replace", "unlink", "symlink_to")),
    (shutil, "rmtree"),
    *((erasure, name) for name in ("begin_rewriting", "end_rewriting", "finish_erasure")),
    (erasure_purge, "forget_export"),
    (replacing, "flush_to_disk"),
    (versions, "record_release"),
]


@pytest.mark.parametrize("step", range(32))
def test_wherever_it_dies_a_whole_release_is_on_show_and_the_next_one_finishes_it(
    home, registry, builds, monkeypatch, step
):
    a_home_with_a_past(home, registry)
    ask(home, registry)
    with monkeypatch.context() as patched, suppress(Killed):
        die_at(step, patched, CHANGES)
        work(home, registry)
    shown = current_release(home)
    assert shown is not None and shown.warehouse("officer").is_file()
    assert (open_erasures(registry) == []) <= (left(home) == [])
    versions.recover(home, registry)
    work(home, registry)
    assert left(home) == []
    assert len(numbered(versions.versions(home))) == 1
    (done,) = list_erasures(registry)
    assert (done.status, done.counts["rows"], done.counts["segments"]) == ("done", 1, 1)


def test_while_no_release_without_the_patient_can_be_made_the_old_one_stays_and_it_says_so(home, registry, builds):
    a_home_with_a_past(home, registry)
    builds.append("mart_safety: a sum is broken")
    ask(home, registry)
    work(home, registry)
    (held,) = open_erasures(registry)
    assert held.error == "release 4 is not shown: mart_safety: a sum is broken"
    assert waiting_erasures(registry) == [], "it is not tried again and again"
    assert current_release(home).release_id == 2
    ask(home, registry)
    work(home, registry)
    assert left(home) == [] and open_erasures(registry) == []


def test_an_outbox_that_cannot_be_cleared_holds_the_erasure_up(home, registry, builds):
    land(home)

    def busy(clinics, erased, only_count):
        if not only_count:
            raise OSError("busy")
        return 0

    ask(home, registry)
    work(home, registry, busy)
    (held,) = open_erasures(registry)
    assert held.error.startswith("OSError in test_erasures.py")


def test_one_of_whom_nothing_has_landed_costs_no_version_and_may_not_come_later(home, registry, builds):
    a_home_with_a_past(home, registry)
    before = numbered(versions.versions(home))
    ask(home, registry, "cd" * 32)
    work(home, registry)
    assert numbered(versions.versions(home)) == before
    assert ErasedList(home, registry).read().holds_patient("cd" * 32)


def test_an_export_outside_the_home_is_left_and_stays_known(home, registry, builds, tmp_path):
    a_home_with_a_past(home, registry)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "mart.csv").write_text(PATIENT)
    record_export(registry, 1, "analyst", tmp_path / "elsewhere", ["mart.csv"])
    ask(home, registry)
    work(home, registry)
    assert [export.folder for export in list_exports(registry)] == [tmp_path / "elsewhere"]
    assert (tmp_path / "elsewhere" / "mart.csv").exists()


def test_who_is_erased_is_known_by_keyed_hashes_alone_and_not_without_the_key(home, registry, builds):
    ask(home, registry)
    work(home, registry)
    assert ErasedList(home, registry).read().holds_patient(PATIENT)
    assert not ErasedList(home, registry).read().holds_patient("cd" * 32)
    assert PATIENT.encode() not in home.registry_db.read_bytes()
    next(home.keys.glob("erasure*")).unlink()
    with pytest.raises(KeyMissing):
        ErasedList(home, registry).read()


def test_asking_twice_is_one_erasure_until_it_is_done(home, registry, builds):
    assert ask(home, registry) == ask(home, registry)
    work(home, registry)
    assert ask(home, registry) == 2
