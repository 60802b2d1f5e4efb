"""The rules for corrections, retractions and what is sent again, one event at a time: what the project's statements are
held against."""

from dataclasses import dataclass

SESSION, OUTCOME, RETRACTED, MERGED = "session.completed", "outcome.recorded", "event.retracted", "patient.merged"


@dataclass(frozen=True)
class Event:
    event_id: str
    event_type: str = SESSION
    clinic_id: str = "ash"
    patient_id: str | None = "p1"
    supersedes: str | None = None
    retracts: str | None = None
    former_patient_id: str | None = None
    hour: int = 9
    source: str = "a"
    epoch: int = 0
    said: int = 0

    @property
    def said_order(self) -> str:
        return f"{self.said:04}!{self.event_id}"


def by_the_rules(told: list[Event]) -> dict[str, str]:
    """The status of every event, worked out one event at a time."""
    found = {}
    for clinic in {event.clinic_id for event in told}:
        found |= _of_one_clinic({event.event_id: event for event in told if event.clinic_id == clinic})
    return found


def _of_one_clinic(events: dict[str, Event]) -> dict[str, str]:
    places = {name: _place(events, event) for name, event in events.items()}
    chains: dict[str, list[str]] = {}
    for name, (chain, _) in places.items():
        if chain is not None:
            chains.setdefault(chain, []).append(name)
    last = {
        chain: max(members, key=lambda name: (places[name][1], events[name].said_order))
        for chain, members in chains.items()
    }
    retracted = _retracted(events, places, last)
    found = {}
    for name, (chain, _) in places.items():
        if chain is None:
            found[name] = "held"
        elif last[chain] != name:
            found[name] = "superseded"
        else:
            found[name] = "retracted" if chain in retracted else "current"
    return found | _sent_again({name: events[name] for name, status in found.items() if status == "current"})


def _place(events: dict[str, Event], event: Event) -> tuple[str | None, int]:
    """The chain and the number of corrections behind an event; no chain for one that is held."""
    way, at = [event.event_id], event
    while at.supersedes not in (None, at.event_id):
        before = events.get(at.supersedes)
        if before is None or before.event_type != event.event_type:
            return None, 0
        if before.event_id in way:
            circle = way[way.index(before.event_id) :]
            return min(circle), way.index(before.event_id)
        way.append(before.event_id)
        at = before
    return way[-1], len(way) - 1


def _retracted(events: dict[str, Event], places: dict, last: dict[str, str]) -> set[str]:
    """The chains that are taken back. A retraction is opposed by those of its own chain that hold."""
    holding = {name: events[name] for chain, name in last.items() if events[name].event_type == RETRACTED}
    aims = {
        name: places[event.retracts][0] or event.retracts
        for name, event in holding.items()
        if event.retracts in events and event.retracts != name
    }
    aims = {name: chain for name, chain in aims.items() if chain in last}
    against = {name: [other for other, chain in aims.items() if chain == places[name][0]] for name in holding}
    unopposed = {name for name, others in against.items() if not others}
    taken_back = {name for name, others in against.items() if set(others) & unopposed}
    given_back = {name for name, others in against.items() if others and set(others) <= taken_back}
    return {chain for name, chain in aims.items() if name in unopposed | given_back}


def _sent_again(current: dict[str, Event]) -> dict[str, str]:
    said: dict[tuple, dict[tuple, list[Event]]] = {}
    for event in sorted(current.values(), key=lambda one: one.said_order):
        if event.event_type in (SESSION, OUTCOME):
            by_source = said.setdefault((event.event_type, event.patient_id, event.hour), {})
            by_source.setdefault((event.source, event.epoch), []).append(event)
    found = {}
    for by_source in said.values():
        for place in range(max(map(len, by_source.values()))):
            same = [events[place] for events in by_source.values() if place < len(events)]
            first = min(same, key=lambda one: (one.epoch, one.said_order))
            found |= {one.event_id: "re_sent" for one in same if one is not first}
    return found
