"""Erase a patient: ask for it, and wait until the builder, or this process where there is none, has done it."""

import getpass
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import Engine

from clinic_publisher.outbox_erasure import erase_from_outboxes
from network_registry.clinics import list_clinics
from network_registry.database import open_registry
from network_registry.erased_patients import ErasedPatients, hash_of_patient
from network_registry.erasures import Erasure, read_erasure, request_erasure
from network_registry.home import Home
from network_registry.keys import erasure_key, pseudonym_key
from network_registry.pseudonyms import patient_pseudonym
from network_registry.settings import Settings
from warehouse_releases.build_folders import current_release
from warehouse_releases.builder import builder_lock
from warehouse_releases.erasure import EraseOutboxes, preview, work_on_erasures
from warehouse_releases.erasure_purge import exports_before, is_within
from warehouse_releases.process_lock import AlreadyRunning, only_one

_LOOK_S = 0.3
_LONGEST_REASON = 200


class ErasureRefused(Exception):
    """What was asked for cannot be erased: one line that says why, and never whose it was."""


def outbox_eraser(home: Home) -> EraseOutboxes:
    """How outboxes of this home are cleared: the warehouse does not know what an outbox is."""

    def erase(clinics: Iterable[str], erased: ErasedPatients, only_count: bool) -> int:
        return erase_from_outboxes(home.outbox, pseudonym_key(home), clinics, erased, only_count)

    return erase


def read_reference() -> str:
    """The patient reference, as the clinic writes it: from a prompt that does not show it, or a line of standard input.

    Never from an argument: those stand in the list of processes and in the shell's history. Raises `ErasureRefused`.
    """
    given = getpass.getpass("patient reference: ") if sys.stdin.isatty() else sys.stdin.readline()
    reference = given.rstrip("\r\n")
    if not reference:
        raise ErasureRefused("no patient reference: give it as a line of standard input, or at the prompt")
    # Python passes bytes that are no UTF-8 on as lone surrogates.
    if any("\ud800" <= letter <= "\udfff" for letter in reference):
        raise ErasureRefused("the patient reference is not UTF-8")
    return reference


def patient_hash(home: Home, engine: Engine, clinic_id: str, reference: str) -> str:
    """The keyed hash by which the registry knows the patient. Raises `ErasureRefused` for an unknown clinic."""
    if clinic_id not in {clinic.clinic_id for clinic in list_clinics(engine)}:
        raise ErasureRefused(f"there is no clinic {clinic_id}: `meridian clinic list` names them")
    pseudonym = patient_pseudonym(pseudonym_key(home), clinic_id, reference)
    return hash_of_patient(erasure_key(home).secret, pseudonym)


def checked_reason(reason: str | None, reference: str) -> str | None:
    """The reason is kept for ever, so it must not name the patient. Raises `ErasureRefused`."""
    if reason is not None and reference.casefold() in reason.casefold():
        raise ErasureRefused("the reason holds the patient reference, and would keep it")
    if reason is not None and len(reason) > _LONGEST_REASON:
        raise ErasureRefused(f"the reason is longer than {_LONGEST_REASON} characters")
    return reason


def what_would_go(home: Home, engine: Engine, clinic_id: str, keyed_hash: str) -> dict[str, Any]:
    """What an erasure would take away. Changes nothing."""
    counts = preview(home, engine, keyed_hash, clinic_id, outbox_eraser(home))
    return {"clinic_id": clinic_id, "status": "preview", **counts, "exports_elsewhere": exports_elsewhere(home, engine)}


def erase(
    home: Home,
    settings: Settings,
    clinic_id: str,
    keyed_hash: str,
    reason: str | None,
    progress: Callable[[str], None],
) -> Erasure:
    """Erase, and return when it is done or held up (`error` says by what). Called again it goes on where it was."""
    engine = open_registry(home)
    erasure_id = request_erasure(engine, clinic_id, keyed_hash, getpass.getuser(), reason)
    progress("waiting for the builder")
    while True:
        erasure = read_erasure(engine, erasure_id)
        if erasure.is_done or erasure.error:
            return erasure
        try:
            with only_one(builder_lock(home), "builder"):
                work_on_erasures(home, settings, engine, outbox_eraser(home), progress)
        except AlreadyRunning:
            time.sleep(_LOOK_S)


def exports_elsewhere(home: Home, engine: Engine) -> list[dict[str, Any]]:
    """Exports of earlier releases that lie outside the home, where only people can remove them."""
    current = current_release(home)
    return [
        {"folder": str(export.folder), "tier": export.tier, "exported_at": export.exported_at.isoformat()}
        for export in exports_before(engine, current.release_id if current else None)
        if not is_within(home, export) and any(path.exists() for path in export.paths)
    ]
