"""Wait until everything that was published up to now is in the lake."""

import time
from collections.abc import Callable, Mapping

from kafka.errors import KafkaError

from network_registry.clinics import list_clinics
from network_registry.connections import CredentialMissing, platform_connection
from network_registry.database import open_registry
from network_registry.home import Home
from network_registry.settings import Settings
from network_registry.topics import EVENTS, QUARANTINE, STREAM_GROUP, events_topic
from warehouse_releases.broker_view import BrokerView, TopicMissing
from warehouse_releases.lake import list_segments
from warehouse_releases.segments import Source, by_source, next_offset

# For how long nothing may move before waiting is given up.
_STALLED_S = 60.0
_LOOK_S = 0.2


class NotLanded(Exception):
    """The stream or the lander does not move, or the broker does not answer: one line that says which."""


def wait_until_landed(
    home: Home, settings: Settings, progress: Callable[[str], None], stalled_s: float = _STALLED_S
) -> None:
    """Return when the stream has handled, and the lake holds, all that stands in the clinics' topics now.

    Waits as long as something moves, and for a broker that goes away meanwhile. Raises `NotLanded`.
    """
    topics = {events_topic(clinic.clinic_id) for clinic in list_clinics(open_registry(home))}
    has_answered, silent_since = False, None
    while True:
        try:
            with BrokerView(platform_connection(home, settings)) as view:
                has_answered, silent_since = True, None
                _wait_for_stream(view, topics, progress, stalled_s)
                _wait_for_lander(home, view, progress, stalled_s)
                return
        except (CredentialMissing, TopicMissing) as error:
            raise NotLanded(str(error)) from None
        except KafkaError as error:
            silent_since = silent_since or time.monotonic()
            if not has_answered or time.monotonic() - silent_since > stalled_s:
                raise NotLanded(f"the broker does not answer ({type(error).__name__})") from None
            progress("the broker does not answer; waiting for its return")
            time.sleep(_LOOK_S)


def _wait_for_stream(view: BrokerView, topics: set[str], progress: Callable[[str], None], stalled_s: float) -> None:
    published = view.existing(topics)
    ends = {source: bounds.end for source, bounds in view.bounds(published).items()}
    _wait("the stream", lambda: _behind(ends, view.committed(STREAM_GROUP, published)), progress, stalled_s)


def _wait_for_lander(home: Home, view: BrokerView, progress: Callable[[str], None], stalled_s: float) -> None:
    # What the stream has committed was confirmed in these topics before.
    ends = {source: bounds.end for source, bounds in view.bounds(view.sources((EVENTS, QUARANTINE))).items()}
    _wait("the lander", lambda: _behind(ends, _landed(home)), progress, stalled_s)


def _landed(home: Home) -> dict[Source, int]:
    return {source: next_offset(segments) for source, segments in by_source(list_segments(home.lake)).items()}


def _behind(ends: Mapping[Source, int], positions: Mapping[Source, int]) -> int:
    """How many records lie between the positions and the ends."""
    return sum(max(end - positions.get(source, 0), 0) for source, end in ends.items())


def _wait(who: str, behind: Callable[[], int], progress: Callable[[str], None], stalled_s: float) -> None:
    least, moved_at = None, time.monotonic()
    while left := behind():
        if least is None or left < least:
            least, moved_at = left, time.monotonic()
            progress(f"{who}: {left:,} records to go")
        elif time.monotonic() - moved_at > stalled_s:
            raise NotLanded(f"{who} stands still, with {left:,} records to go: is it running? (meridian status)")
        time.sleep(_LOOK_S)
