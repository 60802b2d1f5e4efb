"""A clinic's name and password: a file of the home, and what the broker compares them with."""

import secrets

from kafka import KafkaAdminClient
from kafka.admin import ScramMechanism, UserScramCredentialDeletion, UserScramCredentialUpsertion

from control_room.onboarding.failures import OnboardingFailed
from network_registry.connections import (
    Connection,
    clinic_connection,
    clinic_credential,
    clinic_user,
    write_credential,
)
from network_registry.home import Home
from network_registry.settings import Settings


def ensure_credential(home: Home, settings: Settings, clinic_id: str) -> Connection:
    """The clinic's credential, minted where there is none."""
    file = clinic_credential(home, clinic_id)
    if not file.exists():
        write_credential(file, clinic_user(clinic_id), secrets.token_urlsafe(24))
    return clinic_connection(home, settings, clinic_id)


def install_credentials(admin: KafkaAdminClient, credentials: list[Connection]) -> None:
    """Make the broker take these credentials, whatever it took before. Raises `OnboardingFailed`."""
    if not credentials:
        return
    wanted = [UserScramCredentialUpsertion(c.username, ScramMechanism.SCRAM_SHA_512, c.password) for c in credentials]
    for user, refusal in admin.alter_user_scram_credentials(wanted).items():
        if refusal:
            raise OnboardingFailed(f"the broker did not take the credential of {user}: {refusal}")


def withdraw_credential(admin: KafkaAdminClient, home: Home, clinic_id: str) -> None:
    """Remove the credential from broker and home: should the clinic come back, it gets a new password."""
    # The answer does not matter: a user that is not there is what is wanted.
    user = clinic_user(clinic_id)
    admin.alter_user_scram_credentials([UserScramCredentialDeletion(user, ScramMechanism.SCRAM_SHA_512)])
    clinic_credential(home, clinic_id).unlink(missing_ok=True)
