"""Bring clinics on board: credential, topics and access, and last of all the row that tells the stream to read them."""

from control_room.onboarding.clinics import onboard_clinic, onboard_clinics, restore_clinics, suspend_clinic
from control_room.onboarding.failures import ClinicUnknown, OnboardingFailed
from control_room.onboarding.topics import create_network_topics

__all__ = [
    "ClinicUnknown",
    "OnboardingFailed",
    "create_network_topics",
    "onboard_clinic",
    "onboard_clinics",
    "restore_clinics",
    "suspend_clinic",
]
