"""What the clinics of a campaign publish: sessions, of which some have to be refused, and some are sent once more."""

import json
from collections.abc import Iterable
from pathlib import Path

from clinic_publisher.publish import publish_events
from network_registry.home import Home
from network_registry.settings import Settings

_REFUSED_OF = 50
_AGAIN_OF = 100


def publish_traffic(home: Home, settings: Settings, outboxes: Path, sessions: Iterable[tuple[str, bytes]]) -> None:
    """Publish (clinic id, session) pairs from outboxes in this folder.

    Every fiftieth has lost its time, and cannot be counted. Every hundredth comes again from an outbox that knows
    nothing of the first time, as from a practice system that was set up anew.
    """
    events = [(clinic, _flawed(number, session)) for number, (clinic, session) in enumerate(sessions)]
    publish_events(home, settings, events, outbox_folder=outboxes / "first")
    publish_events(home, settings, events[1::_AGAIN_OF], outbox_folder=outboxes / "again")


def _flawed(number: int, session: bytes) -> bytes:
    if number % _REFUSED_OF:
        return session
    event = json.loads(session)
    del event["time"]
    return json.dumps(event).encode()
