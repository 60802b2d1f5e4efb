"""What is on show is always a whole release, wherever the builder dies; what it left is cleared up by the next one."""

import os
import shutil
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from network_registry.database import open_registry
from warehouse_releases import versions
from warehouse_releases.build_folders import BuildFolder, current_link, current_release, numbered
from warehouse_releases.history import find_release
from warehouse_releases.ledger import list_recorded

from .deaths import Killed, die_at

MOMENT = datetime(2026, 9, 1, 8, tzinfo=UTC).isoformat()


@pytest.fixture
def ledger(home):
    return open_registry(home)


def finished_build(home, ledger, **manifest) -> BuildFolder:
    build = BuildFolder(home.builds / str(versions.next_release_id(home, ledger))).create()
    for tier in ("officer", "analyst"):
        build.warehouse(tier).write_text(f"{tier} of {build.release_id}")
    versions.write_manifest(build, {"created_at": MOMENT, "as_of": MOMENT} | manifest)
    return build


def shown(home) -> int | None:
    """The release that a reader would see, found whole."""
    current = current_release(home)
    if current is None:
        return None
    assert current.warehouse("officer").read_text() == f"officer of {current.release_id}"
    assert current.manifest.exists()
    return current.release_id


# What changes the disk or the ledger while a release goes live.
CHANGES = [
    *((Path, name) for name in ("rename", "replace", "symlink_to")),
    (versions, "record_release"),
    (shutil, "rmtree"),
]


@pytest.mark.parametrize("step", range(8))
def test_wherever_a_release_dies_a_whole_one_is_on_show_and_the_next_builder_clears_up(home, ledger, monkeypatch, step):
    versions.publish(home, ledger, finished_build(home, ledger))
    second = finished_build(home, ledger)
    with monkeypatch.context() as patched:
        die_at(step, patched, CHANGES)
        with suppress(Killed):
            versions.publish(home, ledger, second)
        assert shown(home) in (1, 2)
    was_shown = shown(home)
    versions.recover(home, ledger)
    assert shown(home) == was_shown
    assert [build.release_id for build in numbered(versions.versions(home))] == list(range(1, was_shown + 1))
    assert numbered(home.builds) == []
    assert list_recorded(ledger)[0].release_id == was_shown
    versions.publish(home, ledger, finished_build(home, ledger))
    assert shown(home) > was_shown


def test_a_build_that_was_never_finished_is_removed_and_one_that_failed_is_kept_for_study(home, ledger):
    unfinished = BuildFolder(home.builds / "1").create()
    failed = finished_build(home, ledger, failed="audit_failed", error="red")
    versions.recover(home, ledger)
    assert not unfinished.root.exists()
    assert failed.root.exists()
    assert [(one.release_id, one.status) for one in list_recorded(ledger)] == [(2, "audit_failed")]
    assert shown(home) is None


def test_a_number_is_never_given_out_twice(home, ledger):
    for _ in range(2):
        versions.publish(home, ledger, finished_build(home, ledger))
    for build in numbered(versions.versions(home)):
        shutil.rmtree(build.root)
    assert versions.next_release_id(home, ledger) == 3


def test_a_link_that_somebody_removed_leads_to_the_newest_release_again(home, ledger):
    for _ in range(2):
        versions.publish(home, ledger, finished_build(home, ledger))
    current_link(home).unlink()
    versions.recover(home, ledger)
    assert shown(home) == 2


@pytest.mark.parametrize(("keep", "kept"), [(1, [6]), (3, [4, 5, 6]), (9, [1, 2, 3, 4, 5, 6])])
def test_the_newest_versions_are_kept_and_older_ones_go(home, ledger, keep, kept):
    for _ in range(6):
        versions.publish(home, ledger, finished_build(home, ledger))
    versions.prune(home, keep)
    assert len(numbered(versions.versions(home))) == 6, "all were current a moment ago"
    for build in numbered(versions.versions(home)):
        os.utime(build.manifest, (0, 0))
    versions.prune(home, keep)
    assert [build.release_id for build in numbered(versions.versions(home))] == kept
    assert shown(home) == 6


def test_of_a_version_that_goes_manifest_and_registry_stay(home, ledger):
    for _ in range(2):
        build = finished_build(home, ledger)
        (build.registry_export / "clinics.parquet").write_text("clinics")
        versions.publish(home, ledger, build)
    os.utime(current_release(home).manifest, (0, 0))
    versions.prune(home, 1)
    kept = find_release(home, 1)
    assert kept is not None and kept.root == home.warehouse / "history" / "1"
    assert (kept.registry_export / "clinics.parquet").read_text() == "clinics"
    assert not kept.warehouse("officer").exists()
    assert find_release(home, 2) == current_release(home)


def test_the_newest_failed_builds_are_kept_and_older_ones_go(home, ledger):
    for _ in range(5):
        versions.keep_failed(ledger, finished_build(home, ledger, failed="audit_failed"))
    versions.prune(home, 3)
    assert [build.release_id for build in numbered(home.builds)] == [3, 4, 5]


def test_the_officers_folder_is_closed_to_others(home, ledger):
    build = finished_build(home, ledger)
    assert (build.root / "officer").stat().st_mode & 0o077 == 0
    assert build.manifest.stat().st_mode & 0o777 == 0o644


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:3])


DAMAGES = {
    "its manifest is damaged": lambda build: build.manifest.write_text("{garbage"),
    "its manifest cannot be read (No such file or directory)": lambda build: build.manifest.unlink(),
    "its officer file is missing": lambda build: build.warehouse("officer").unlink(),
    "its analyst file has not the size that was released": lambda build: cut_off(build.warehouse("analyst")),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_version_is_set_aside_and_the_whole_one_before_it_is_shown(home, ledger, damage):
    for _ in range(2):
        versions.publish(home, ledger, finished_build(home, ledger))
    DAMAGES[damage](current_release(home))
    told: list[str] = []
    versions.recover(home, ledger, told.append)
    assert told == [f"release 2 is set aside as 2.damaged: {damage}"]
    assert (home.warehouse / "versions" / "2.damaged").is_dir()
    assert shown(home) == 1
    versions.publish(home, ledger, finished_build(home, ledger))
    assert shown(home) == 3


def test_without_a_whole_version_there_is_none_on_show_until_the_next_build(home, ledger):
    versions.publish(home, ledger, finished_build(home, ledger))
    current_release(home).manifest.write_text("{garbage")
    versions.recover(home, ledger)
    assert shown(home) is None
    versions.publish(home, ledger, finished_build(home, ledger))
    assert shown(home) == 2


def test_a_build_whose_manifest_is_damaged_was_never_finished(home, ledger):
    failed = finished_build(home, ledger, failed="audit_failed", error="red")
    failed.manifest.write_text("{garbage")
    versions.recover(home, ledger)
    assert numbered(home.builds) == []
