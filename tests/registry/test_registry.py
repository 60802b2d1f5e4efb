"""The registry keeps clinics, studies, credentials and keys, and mints nothing where nobody asked for it."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from network_registry.clinics import add_clinic, list_clinics, suspend_clinic, valid_clinic_id
from network_registry.connections import CredentialMissing, clinic_connection, clinic_credential, write_credential
from network_registry.database import open_registry
from network_registry.home import Home, HomeMissing
from network_registry.keys import KeyMissing, mint_keys, pseudonym_key
from network_registry.settings import load_settings
from network_registry.studies import StudyConflict, list_studies, register_study
from network_registry.tables import metadata
from network_registry.topics import clinic_of, events_topic, receipts_topic


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").create()


def test_a_folder_that_is_no_home_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(HomeMissing, match="no Meridian home"):
        open_registry(Home(tmp_path / "mistyped"))
    assert not (tmp_path / "mistyped").exists()


def test_a_home_is_its_owners_alone(home: Home) -> None:
    assert stat.S_IMODE(home.root.stat().st_mode) == 0o700


def test_the_migrations_end_where_the_tables_begin(home: Home) -> None:
    with open_registry(home).connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_several_processes_may_open_a_new_registry_at_once(home: Home) -> None:
    code = (
        "from network_registry.database import open_registry; from network_registry.home import Home; import sys;"
        "open_registry(Home(sys.argv[1])).connect()"
    )
    started = [subprocess.Popen([sys.executable, "-c", code, str(home.root)]) for _ in range(4)]
    assert [process.wait(60) for process in started] == [0, 0, 0, 0]


def test_a_clinic_is_added_once_suspended_and_brought_back(home: Home) -> None:
    registry = open_registry(home)
    for _ in range(2):
        add_clinic(registry, "north-bridge", "North Bridge")
    assert [(clinic.clinic_id, clinic.name, clinic.is_active) for clinic in list_clinics(registry)] == [
        ("north-bridge", "North Bridge", True)
    ]
    assert suspend_clinic(registry, "north-bridge") and not suspend_clinic(registry, "nobody")
    assert not list_clinics(registry)[0].is_active
    add_clinic(registry, "north-bridge")
    assert list_clinics(registry)[0].is_active


@pytest.mark.parametrize("text", ["", "a", "A1", "a.b", "a_b", "x" * 41, "north bridge", "../etc"])
def test_what_is_no_clinic_id_is_not_registered(home: Home, text: str) -> None:
    assert not valid_clinic_id(text)
    with pytest.raises(ValueError, match="not a clinic id"):
        add_clinic(open_registry(home), text)


def test_a_studys_reference_arm_is_never_changed(home: Home) -> None:
    registry = open_registry(home)
    for _ in range(2):
        register_study(registry, "headache", "control")
    with pytest.raises(StudyConflict):
        register_study(registry, "headache", "acupuncture")
    assert [(study.study_id, study.reference_arm) for study in list_studies(registry)] == [("headache", "control")]


def test_keys_are_minted_once(home: Home) -> None:
    mint_keys(home)
    first = pseudonym_key(home)
    mint_keys(home)
    assert pseudonym_key(home) == first and len(first.secret) == 32
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in home.keys.iterdir())


def test_a_damaged_key_is_an_error_and_not_replaced(home: Home) -> None:
    mint_keys(home)
    path = home.keys / "pseudonym-v1.key"
    path.write_text("00")
    mint_keys(home)
    with pytest.raises(KeyMissing):
        pseudonym_key(home)


def test_secrets_do_not_show_in_a_representation(home: Home) -> None:
    mint_keys(home)
    write_credential(clinic_credential(home, "ab"), "clinic.ab", "sesame")
    assert pseudonym_key(home).secret.hex() not in repr(pseudonym_key(home))
    connection = clinic_connection(home, load_settings(home.root), "ab")
    assert "sesame" not in repr(connection) and connection.kafka_python()["sasl_plain_password"] == "sesame"


def test_a_clinic_without_a_credential_is_told_in_one_line(home: Home) -> None:
    with pytest.raises(CredentialMissing, match=r"no credential nowhere\.toml"):
        clinic_connection(home, load_settings(home.root), "nowhere")


def test_settings_come_from_the_environment_then_the_homes_file(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.settings_file.write_text("broker_port = 20001\ndashboard_port = 20002\n")
    monkeypatch.setenv("MERIDIAN_HOME", str(home.root))
    monkeypatch.setenv("MERIDIAN_BROKER_PORT", "30001")
    settings = load_settings()
    assert (settings.home, settings.broker_port, settings.dashboard_port) == (home.root, 30001, 20002)


def test_a_topic_tells_its_clinic_and_no_other_topic_does() -> None:
    assert clinic_of(events_topic("north-bridge")) == "north-bridge"
    assert clinic_of(receipts_topic("north-bridge")) is None and clinic_of("network.events") is None
