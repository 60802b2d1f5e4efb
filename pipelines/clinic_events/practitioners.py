"""What a clinic says of its practitioners."""

from typing import Annotated

from msgspec import Meta

from clinic_events.envelope import Code, Day, Identifier, Record


class CredentialRecorded(Record, frozen=True, kw_only=True):
    """A practitioner holds a credential for a span of days; each event adds to the credential's history."""

    practitioner_id: Annotated[Identifier, Meta(description="The clinic's own name for the practitioner.")]
    credential: Annotated[Code, Meta(description="Kind of credential, vocabulary `credentials`.")]
    issuer: Annotated[str, Meta(max_length=128, description="The body that issued it.")]
    number: Annotated[str, Meta(max_length=64, description="Its number; stored only as a keyed hash.")]
    valid_from: Annotated[Day, Meta(description="First day on which it is valid.")]
    valid_until: Annotated[Day, Meta(description="Last day on which it is valid; absent: open-ended.")] | None = None
    jurisdiction: Annotated[str, Meta(max_length=64, description="Where it is valid.")] | None = None
    status: Annotated[Code, Meta(description="active, lapsed, suspended or revoked.")] | None = None
