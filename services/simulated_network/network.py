"""The whole simulated network: its clinics, what they send, and the truth about it. The seed decides everything."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from simulated_network.broken_events import Break, choose_broken
from simulated_network.clinic_life import ClinicLife, adverse_events, live, records_of
from simulated_network.clinics import SimulatedClinic, draw_clinics
from simulated_network.occurrences import Occurrence, event_bytes, event_ids, in_order
from simulated_network.periods import Period
from simulated_network.planted_counts import broken_event_plants, lapsed_licence_plant
from simulated_network.plants import Cast, cast_parts
from simulated_network.random_streams import stream
from simulated_network.truth import Plant, Truth

# How much of its history a clinic sends again, from the beginning.
SHARE_RESENT = 0.4


class Message(NamedTuple):
    """What a clinic publishes. `key` is the patient's reference, None where an event is about none."""

    clinic_id: str
    key: str | None
    raw: bytes


@dataclass(frozen=True)
class SimulatedNetwork:
    """`messages` in the order of publishing; `resent` are the messages of one clinic's history, sent afterwards."""

    clinics: tuple[SimulatedClinic, ...]
    messages: list[Message]
    resent: list[Message]
    truth: Truth


def simulate(seed: int, null: bool, as_of: datetime) -> SimulatedNetwork:
    """Twelve clinics over the 90 days before `as_of` (with a time zone). `null`: nothing planted, no decoys."""
    period = Period(as_of)
    cast = _cast(seed, null, period)
    lives = [live(n, c, period, seed, c.clinic_id == cast.lapsing) for n, c in enumerate(cast.clinics)]
    reported = adverse_events(lives, stream(seed, "adverse events"))
    recorded = [
        records_of(life, reported, period, stream(seed, "records", number)) for number, life in enumerate(lives)
    ]
    occurrences = in_order([record for records in recorded for record in records])
    types = [each.event_type for each in occurrences]
    broken = {} if null else choose_broken(types, stream(seed, "broken"))
    messages = _messages(occurrences, broken, seed)
    resent = _resent(messages, broken, cast.resending)
    return SimulatedNetwork(cast.clinics, messages, resent, _truth(cast, lives, occurrences, broken, resent))


def _cast(seed: int, null: bool, period: Period) -> Cast:
    clinics = draw_clinics(stream(seed, "clinics"))
    return Cast(clinics) if null else cast_parts(clinics, period, stream(seed, "parts"))


def _messages(occurrences: list[Occurrence], broken: dict[int, Break], seed: int) -> list[Message]:
    ids = event_ids(len(occurrences), stream(seed, "ids"))
    messages = []
    for position, (occurrence, event_id) in enumerate(zip(occurrences, ids, strict=True)):
        raw = event_bytes(occurrence, event_id)
        raw = broken[position].apply(raw) if position in broken else raw
        messages.append(Message(occurrence.clinic_id, occurrence.patient, raw))
    return messages


def _resent(messages: list[Message], broken: dict[int, Break], clinic_id: str | None) -> list[Message]:
    """The first part of what a clinic has published whole, once more, to the byte."""
    whole = [m for position, m in enumerate(messages) if m.clinic_id == clinic_id and position not in broken]
    return whole[: round(SHARE_RESENT * len(whole))]


def _truth(
    cast: Cast, lives: list[ClinicLife], occurrences: list[Occurrence], broken: dict[int, Break], resent: list[Message]
) -> Truth:
    whole = [each for position, each in enumerate(occurrences) if position not in broken]
    lapsed = [lapsed_licence_plant(life, whole) for life in lives if life.clinic.clinic_id == cast.lapsing]
    again = [Plant("resent_history", cast.resending, len(resent))] if cast.resending else []
    return Truth((*cast.plants, *lapsed, *again, *broken_event_plants(occurrences, broken)), cast.decoys)
