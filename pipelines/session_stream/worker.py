"""One process of the stream: `meridian run stream`."""

import gc
import logging
import os
import signal
import time
from functools import partial
from typing import NoReturn

from network_registry.connections import CredentialMissing, platform_connection
from network_registry.database import open_registry
from network_registry.erased_patients import ErasedList
from network_registry.home import Home, HomeMissing
from network_registry.keys import KeyMissing, network_key, pseudonym_key, quarantine_key
from network_registry.settings import Settings
from process_telemetry.process_metrics import ProcessMetrics
from session_stream.broker_admin import BrokerUnreachable, administration
from session_stream.clinics_followed import ClinicsFollowed, NoClinics
from session_stream.predecessor import dismiss_predecessor
from session_stream.pseudonyms import StreamKeys
from session_stream.topic_identities import TopicsMissing, look_up
from session_stream.worker_lock import AlreadyRunning, only_worker, worker_name

log = logging.getLogger(__name__)

EXIT_FAILED = 1
FIRST_CLINIC_POLL_SECONDS = 1.0
# What is fetched lives until it is decided, thousands of objects, and none is part of a cycle: to go through them after
# every 700 new ones, as Python does, costs a worker a twelfth of its time.
COLLECT_AFTER_OBJECTS = 50_000

_REFUSALS = (HomeMissing, CredentialMissing, KeyMissing, BrokerUnreachable, TopicsMissing, AlreadyRunning)


def run_stream_worker(home: Home, settings: Settings, number: int = 1, metrics: ProcessMetrics | None = None) -> int:
    """Run until SIGTERM or SIGINT (0), or until something fails (1). To be called in the process's main thread.

    Workers with other numbers, here or on other machines, share the partitions with this one.

    On a failed output or a crash the process ends at once, from within, without a commit.
    """
    for wanted in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wanted, _leave)
    name = worker_name(number)
    try:
        with only_worker(home.require().run, name):
            return _run(home, settings, name, metrics or ProcessMetrics())
    except _REFUSALS as error:
        log.error("%s", error)
        return EXIT_FAILED


def fail_fast(reason: str) -> NoReturn:
    """End the process without a commit, whatever its threads are doing. The supervisor starts another one."""
    log.critical("ending without a commit: %s", reason)
    logging.shutdown()
    os._exit(EXIT_FAILED)


def _leave(_number: int, _frame: object) -> NoReturn:
    # Only until Faust has put its own handlers in place: there is nothing to finish yet.
    raise SystemExit(0)


def _run(home: Home, settings: Settings, name: str, metrics: ProcessMetrics) -> int:
    connection = platform_connection(home, settings)
    keys = StreamKeys(pseudonym_key(home), network_key(home), quarantine_key(home))
    registry = open_registry(home)
    clinics, erased = ClinicsFollowed(registry, partial(look_up, connection)), ErasedList(home, registry)
    _await_first_clinic(clinics)

    from session_stream.app import SessionStream  # Faust takes a second to import

    stream = SessionStream(connection, name, str(home.run / name), keys, clinics, erased, fail_fast, metrics)
    with administration(connection) as admin:
        dismiss_predecessor(admin, name)
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER_OBJECTS)
    return stream.run()


def _await_first_clinic(clinics: ClinicsFollowed) -> None:
    waiting = False
    while True:
        try:
            return clinics.refresh()
        except NoClinics as reason:
            if not waiting:
                log.info("waiting for a first clinic: %s", reason)
            waiting = True
            time.sleep(FIRST_CLINIC_POLL_SECONDS)
