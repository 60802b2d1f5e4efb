"""What a clinic's own count of a day says."""

from collections.abc import Iterator

from clinic_events.catalogue import EVENT_TYPES
from clinic_events.clinics import ClinicManifestDeclared
from clinic_events.envelope import Envelope
from clinic_events.reasons import Reason


def manifest_flags(_: Envelope, data: ClinicManifestDeclared) -> Iterator[Reason]:
    for position, count in enumerate(data.counts):
        if count.type not in EVENT_TYPES:
            yield Reason("unknown_code", f"/data/counts/{position}/type")
