"""What the plants amount to in what is really sent: counted, not promised."""

from collections import Counter

from clinic_events.sessions import SessionCompleted
from simulated_network.broken_events import Break
from simulated_network.clinic_life import ClinicLife
from simulated_network.occurrences import Occurrence
from simulated_network.practitioners import Practitioner
from simulated_network.truth import Plant


def lapsed_licence_plant(life: ClinicLife, whole: list[Occurrence]) -> Plant:
    """The sessions, among `whole` events, of practitioners whose credential had run out by that day."""
    staff = {practitioner.practitioner_id: practitioner for practitioner in life.practitioners}
    own = [each for each in whole if each.clinic_id == life.clinic.clinic_id]
    return Plant("lapsed_licence", life.clinic.clinic_id, sum(_has_lapsed(each, staff) for each in own))


def _has_lapsed(occurrence: Occurrence, staff: dict[str, Practitioner]) -> bool:
    if not isinstance(occurrence.data, SessionCompleted):
        return False
    lapses_on = staff[str(occurrence.data.practitioner_id)].lapses_on
    return lapses_on is not None and occurrence.at.date() > lapses_on


def broken_event_plants(occurrences: list[Occurrence], broken: dict[int, Break]) -> list[Plant]:
    """One plant per refusal code and clinic. `broken`: by position in `occurrences`."""
    counts = Counter((kind.reason, occurrences[position].clinic_id) for position, kind in broken.items())
    return [Plant("broken_events", clinic_id, events, reason) for (reason, clinic_id), events in sorted(counts.items())]
