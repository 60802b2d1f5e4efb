"""The steps of bringing a clinic on board, and of suspending it.

Every step can be done twice, and the registry's row comes last: whatever a kill cut short, doing it again ends it.
"""

from collections.abc import Iterable, Mapping

from kafka import KafkaAdminClient

from control_room.onboarding.access import clinic_acls, grant, revoke
from control_room.onboarding.credentials import ensure_credential, install_credentials, withdraw_credential
from control_room.onboarding.failures import ClinicUnknown
from control_room.onboarding.topics import administration, clinic_topics, create_topics
from control_room.onboarding.turns import changing_rights
from network_registry.clinics import add_clinic, list_clinics, valid_clinic_id
from network_registry.clinics import suspend_clinic as mark_suspended
from network_registry.connections import Connection, clinic_connection, clinic_credential, platform_connection
from network_registry.database import open_registry
from network_registry.home import Home
from network_registry.settings import Settings


def onboard_clinic(home: Home, settings: Settings, clinic_id: str, name: str | None = None) -> None:
    """Bring one clinic on board, or a suspended one back. See `onboard_clinics`."""
    onboard_clinics(home, settings, {clinic_id: name})


def onboard_clinics(home: Home, settings: Settings, clinics: Mapping[str, str | None] | Iterable[str]) -> None:
    """Bring clinics (ids, or id to name) on board; those that are stay as they are and keep their password.

    Raises ValueError for an id that is no clinic id, before anything is done; `BrokerUnreachable`,
    `CredentialRefused`, `OnboardingFailed`.
    """
    named = dict(clinics) if isinstance(clinics, Mapping) else dict.fromkeys(clinics)
    _require_valid(named)
    if not named:
        return
    with changing_rights(home), administration(platform_connection(home, settings)) as admin:
        _equip(admin, named, [ensure_credential(home, settings, each) for each in named])
        registry = open_registry(home)
        for clinic_id, name in named.items():
            add_clinic(registry, clinic_id, name)


def restore_clinics(home: Home, settings: Settings) -> None:
    """Give the broker again whatever it lacks of every active clinic, as after the loss of its disk.

    No password is minted here: a credential file that was moved to its clinic stays the one that counts.
    """
    with changing_rights(home):
        active = [each.clinic_id for each in list_clinics(open_registry(home)) if each.is_active]
        if not active:
            return
        kept = [each for each in active if clinic_credential(home, each).exists()]
        with administration(platform_connection(home, settings)) as admin:
            _equip(admin, active, [clinic_connection(home, settings, each) for each in kept])


def suspend_clinic(home: Home, settings: Settings, clinic_id: str) -> None:
    """Take away a clinic's access and credential; what it published is still read and stays. Raises `ClinicUnknown`."""
    registry = open_registry(home)
    if clinic_id not in {each.clinic_id for each in list_clinics(registry)}:
        raise ClinicUnknown(f"no clinic {clinic_id!r} is on board")
    with changing_rights(home), administration(platform_connection(home, settings)) as admin:
        revoke(admin, clinic_id)
        withdraw_credential(admin, home, clinic_id)
        mark_suspended(registry, clinic_id)


def _equip(admin: KafkaAdminClient, clinic_ids: Iterable[str], credentials: list[Connection]) -> None:
    clinic_ids = list(clinic_ids)
    install_credentials(admin, credentials)
    create_topics(admin, clinic_topics(clinic_ids))
    grant(admin, [acl for each in clinic_ids for acl in clinic_acls(each)])


def _require_valid(clinic_ids: Iterable[str]) -> None:
    for each in clinic_ids:
        if not valid_clinic_id(each):
            raise ValueError(f"not a clinic id (2 to 40 of a-z, 0-9 and -): {each!r}")
