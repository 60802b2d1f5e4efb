"""Whether a payload says, or implies, that somebody came to serious harm: read or unread, it must raise the alert."""

import re
from functools import cache

from clinic_events.adverse_events import AdverseEventFollowedUp, AdverseEventReported
from clinic_events.vocabularies import codes, flagged_codes

_SAYS_SERIOUS = re.compile(rb'"serious"\s*:\s*(true|"true"|1|"yes")', re.IGNORECASE)
_GRAVE = frozenset({"life_threatening", "fatal"})


def says_serious(data: AdverseEventReported | AdverseEventFollowedUp) -> bool:
    return bool(
        data.serious
        or data.seriousness_criteria
        or data.severity in _GRAVE
        or data.outcome in _GRAVE
        or data.term in flagged_codes("adverse_event_terms", "serious_by_nature")
    )


def bytes_say_serious(raw: bytes) -> bool:
    """The same question of bytes that cannot be read as an event. Errs towards the alert."""
    text = raw.replace(b"\x00", b"")
    return _SAYS_SERIOUS.search(text) is not None or _grave_words().search(text) is not None


@cache
def _grave_words() -> re.Pattern[bytes]:
    words = flagged_codes("adverse_event_terms", "serious_by_nature") | codes("seriousness_criteria") | _GRAVE
    # In quotation marks: a lost needle's `fatal_error` is no death, a term or a criterion is a whole string.
    return re.compile(b'"(' + b"|".join(re.escape(word.encode()) for word in sorted(words)) + b')"', re.IGNORECASE)
