"""Simulated networks, judged event by event, and the criteria of `mart_clinic_signals` once more in plain Python.

The criteria are an oracle: written from the same formulas as the mart, on Counters, sharing no code with it.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.parquet as pq
import pytest
from scipy.stats import chi2

from clinic_events.adverse_events import AdverseEventReported
from clinic_events.envelope import Record
from clinic_events.practitioners import CredentialRecorded
from clinic_events.resources import bundled
from clinic_events.sessions import SessionCompleted
from clinic_events.verdicts import judge
from clinic_events.vocabularies import flagged_codes
from network_registry.keys import Key
from network_registry.settings import Settings
from network_registry.topics import EVENTS, QUARANTINE, events_topic
from session_stream.decide import Source, decide
from session_stream.pseudonyms import StreamKeys
from simulated_network.network import SimulatedNetwork, simulate
from warehouse_releases.build_folders import WAREHOUSE_FILE, BuildFolder
from warehouse_releases.build_inputs import BuildInputs, export_registry
from warehouse_releases.landed_records import LANDED_TOPICS
from warehouse_releases.segments import Segment
from warehouse_releases.segments import Source as LakeSource

AS_OF = datetime(2026, 6, 30, tzinfo=UTC)
RECEIVED_AT = datetime(2026, 7, 1, tzinfo=UTC)
Row = dict[str, Any]

KEYS = StreamKeys(pseudonym=Key(1, b"p" * 32), network=Key(1, b"n" * 32), quarantine=Key(1, b"q" * 32))


class Raw(NamedTuple):
    offset: int
    timestamp: int
    value: bytes


@dataclass
class Judged:
    """What the platform would keep: accepted facts by clinic, refusals by clinic, type and code, duplicates."""

    network: SimulatedNetwork
    sessions: dict[str, dict[str, tuple[SessionCompleted, date]]] = field(default_factory=lambda: defaultdict(dict))
    adverse_events: dict[str, list[AdverseEventReported]] = field(default_factory=lambda: defaultdict(list))
    credentials: dict[tuple[str, str | None], list[CredentialRecorded]] = field(
        default_factory=lambda: defaultdict(list)
    )
    accepted: Counter[str] = field(default_factory=Counter)
    duplicates: Counter[str] = field(default_factory=Counter)
    refused: Counter[tuple[str, str | None, str]] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    last_event: dict[str, datetime] = field(default_factory=dict)

    def keep(self, clinic_id: str, data: Record, day: date) -> None:
        if isinstance(data, SessionCompleted):
            self.sessions[clinic_id][data.session_id] = data, day
        elif isinstance(data, AdverseEventReported):
            self.adverse_events[clinic_id].append(data)
        elif isinstance(data, CredentialRecorded):
            self.credentials[clinic_id, data.practitioner_id].append(data)

    @property
    def quarantine(self) -> list[Row]:
        """As `mart_quarantine_reasons` would show it."""
        return [
            {"clinic_id": clinic, "event_type": event_type, "reason": reason, "events": events}
            for (clinic, event_type, reason), events in self.refused.items()
        ]

    @property
    def signals(self) -> list[Row]:
        """As `mart_clinic_signals` would show it."""
        return expected_signals(self)


def judge_network(network: SimulatedNetwork) -> Judged:
    judged, seen = Judged(network), set()
    for message in (*network.messages, *network.resent):
        verdict, clinic = judge(message.raw, message.clinic_id, RECEIVED_AT), message.clinic_id
        judged.statuses[verdict.status] += 1
        if verdict.event is None or verdict.data is None:
            judged.refused.update((clinic, verdict.event_type, code) for code in {r.code for r in verdict.reasons})
        elif (clinic, verdict.event_id) in seen:
            judged.duplicates[clinic] += 1
        else:
            seen.add((clinic, verdict.event_id))
            judged.accepted[clinic] += 1
            judged.last_event[clinic] = verdict.event.time
            judged.keep(clinic, verdict.data, verdict.event.time.date())
    return judged


def expected_signals(judged: Judged) -> list[Row]:
    clinics = sorted(judged.sessions)
    return [
        *_against_others(judged, "elevated_risk", lambda expected, low, _: expected >= 5 and low > 1.5),
        *_against_others(judged, "under_reporting", lambda expected, _, high: expected >= 10 and high < 0.5),
        *(_silence(judged, clinic) for clinic in clinics),
        *(_lapsed(judged, clinic) for clinic in clinics),
        *(_resent(judged, clinic) for clinic in clinics),
    ]


def _against_others(judged: Judged, signal: str, rule: Callable[[float, float, float], bool]) -> list[Row]:
    """Sessions with an event of a term that nobody has to ask about, however the clinic asks."""
    sessions = {clinic: len(held) for clinic, held in judged.sessions.items()}
    eventful = {clinic: len(_unprompted(judged, clinic)) for clinic in judged.sessions}
    rows: list[Row] = []
    for clinic, observed in sorted(eventful.items()):
        rate = (sum(eventful.values()) - observed) / (sum(sessions.values()) - sessions[clinic])
        expected = sessions[clinic] * rate
        low, high = (limit / expected for limit in _exact_limits(observed))
        found = rule(expected, low, high)
        rows.append(_row(signal, clinic, found, observed=observed, expected=expected, ratio_low=low, ratio_high=high))
    return rows


def _unprompted(judged: Judged, clinic: str) -> set[str]:
    dependent = flagged_codes("adverse_event_terms", "asking_dependent")
    named = {event.session_id for event in judged.adverse_events[clinic] if event.term not in dependent}
    return judged.sessions[clinic].keys() & named


def _row(signal: str, clinic_id: str, found: bool, **evidence: float | None) -> Row:
    return {"signal": signal, "clinic_id": clinic_id, "found": found, **evidence}


def _exact_limits(events: int) -> tuple[float, float]:
    """Garwood's, 99.9 % on each side."""
    low = chi2.ppf(0.001, 2 * events) / 2 if events else 0.0
    return float(low), float(chi2.ppf(0.999, 2 * events + 2) / 2)


def _silence(judged: Judged, clinic: str) -> Row:
    days = {each: {day for _, day in sessions.values()} for each, sessions in judged.sessions.items()}
    own, others = days.pop(clinic), days
    calendar = (AS_OF.date() - timedelta(days=number) for number in range(1, 91))
    working = {day for day in calendar if 2 * sum(day in at for at in others.values()) >= len(others)}
    silent_days = sum(day > max(own) for day in working)
    active_days = sum(min(own) <= day <= max(own) for day in working)
    on_working_days = sum(day in working for _, day in judged.sessions[clinic].values())
    expected = on_working_days / active_days * silent_days
    high = _exact_limits(0)[1] / expected if expected else None
    found = silent_days >= 7 and high is not None and high < 0.5
    return _row("silence", clinic, found, observed=0, expected=expected, ratio_high=high)


def _lapsed(judged: Judged, clinic: str) -> Row:
    observed = 0
    for data, day in judged.sessions[clinic].values():
        held = judged.credentials[clinic, data.practitioner_id]
        observed += bool(held) and not any(c.valid_from <= day <= (c.valid_until or date.max) for c in held)
    return _row("lapsed_licence", clinic, observed >= 1, observed=observed, expected=0)


def _resent(judged: Judged, clinic: str) -> Row:
    observed = judged.duplicates[clinic]
    found = observed >= 50 and observed >= 0.05 * judged.accepted[clinic]
    return _row("resent_history", clinic, found, observed=observed, expected=0)


@pytest.fixture(scope="session")
def as_of() -> datetime:
    return AS_OF


@pytest.fixture(scope="session")
def planted() -> Judged:
    return judge_network(simulate(1, null=False, as_of=AS_OF))


@pytest.fixture(scope="session")
def nothing_planted() -> Judged:
    return judge_network(simulate(1, null=True, as_of=AS_OF))


@pytest.fixture(scope="session")
def simulated_warehouse(planted: Judged, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What dbt builds of the planted network: some 40 s of one core, so that all tests of this folder share it."""
    from warehouse_releases.dbt_build import run_dbt

    folder = tmp_path_factory.mktemp("simulated")
    inputs = _inputs(planted.network, AS_OF, folder / "lake")
    build = BuildFolder(folder / "1").create()
    export_registry(inputs, build.registry_export)
    database = folder / WAREHOUSE_FILE
    variables = inputs.dbt_variables(build.registry_export)
    outcome = run_dbt(bundled("dbt"), build, database, variables, Settings(home=folder))
    assert (outcome.error, [node.name for node in outcome.nodes if node.status == "fail"]) == (None, [])
    return database


def _inputs(network: SimulatedNetwork, as_of: datetime, lake: Path) -> BuildInputs:
    landed = _landed(network)
    segments = [_write(lake, topic, rows) for topic, rows in landed.items()]
    clinics = [
        {"clinic_id": clinic.clinic_id, "name": clinic.name, "timezone": clinic.timezone, "added_at": RECEIVED_AT}
        for clinic in network.clinics
    ]
    return BuildInputs(lake, segments, {"clinics": clinics, "studies": []}, as_of)


def _landed(network: SimulatedNetwork) -> dict[str, list[tuple]]:
    """The rows of the two network topics that a build reads."""
    by_clinic: dict[str, list[Raw]] = defaultdict(list)
    for message in (*network.messages, *network.resent):
        topic = by_clinic[message.clinic_id]
        topic.append(Raw(len(topic), math.floor(RECEIVED_AT.timestamp() * 1000), message.raw))
    landed: dict[str, list[tuple]] = {EVENTS: [], QUARANTINE: []}
    for clinic_id, records in by_clinic.items():
        source = Source(clinic_id, "cluster", events_topic(clinic_id), f"id-{clinic_id}"[:22], 0)
        for output in decide(records, source, KEYS):
            if output.topic in landed:
                rows = landed[output.topic]
                rows.append((*LANDED_TOPICS[output.topic].decode(output.value)[1], 0, len(rows)))
    return landed


def _write(lake: Path, topic: str, rows: list[tuple]) -> Segment:
    segment = Segment(LakeSource(topic, "cluster", "topic-id", 0), 0, len(rows) - 1, date(2026, 7, 1))
    path = lake / segment.path
    path.parent.mkdir(parents=True)
    pq.write_table(LANDED_TOPICS[topic].table(rows), path, compression="zstd")
    return segment
