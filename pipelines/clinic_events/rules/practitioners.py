"""What a credential says of its own validity."""

from collections.abc import Iterator

from clinic_events.envelope import Envelope
from clinic_events.practitioners import CredentialRecorded
from clinic_events.reasons import Reason


def credential_flags(_: Envelope, data: CredentialRecorded) -> Iterator[Reason]:
    if data.valid_until is not None and data.valid_until < data.valid_from:
        yield Reason("validity_reversed", "/data/valid_until")
    if data.issued_on is not None and data.issued_on > data.valid_from:
        yield Reason("valid_before_issue", "/data/issued_on")
