"""What a clinic says of its practitioners."""

from typing import Annotated

from clinic_events.envelope import Day, Identifier, Record, WholeNumber
from clinic_events.fields import coded, measured, said, text


class Training(Record, frozen=True, kw_only=True):
    """A training that a practitioner has completed (STRICTA 2010, item 5)."""

    code: Annotated[str, coded("trainings", "Which training, for instance in clean-needle technique.")]
    completed_on: Annotated[Day, said("When it was completed.", "2024-05-17")] | None = None
    valid_until: Annotated[Day, said("Last day on which it counts.", "2028-05-16")] | None = None


class CredentialRecorded(Record, frozen=True, kw_only=True):
    """A practitioner holds a credential for a span of days; each event adds to the credential's history.

    Issuer and number together tell that practitioners of two clinics are one person.
    """

    practitioner_id: Annotated[Identifier, said("The clinic's own name for the practitioner.", "dr-7")]
    credential: Annotated[str, coded("credentials", "Kind of credential.")]
    issuer: Annotated[str, text(128, "The body that issued it.", "NCCAOM")]
    number: Annotated[str, text(64, "Its number; stored only as a keyed hash.", "112358")]
    valid_from: Annotated[Day, said("First day on which it is valid.", "2024-01-01")]
    valid_until: Annotated[Day, said("Last day on which it is valid; absent: open-ended.", "2027-12-31")] | None = None
    jurisdiction: Annotated[str, text(64, "Where it is valid, ISO 3166-1 or 3166-2.", "US-WA")] | None = None
    status: Annotated[str, coded("credential_statuses", "What has become of it.")] | None = None
    title: Annotated[str, coded("practitioner_titles", "The title that it gives.")] | None = None
    issued_on: Annotated[Day, said("When it was first issued.", "2012-06-01")] | None = None
    verified_on: Annotated[Day, said("When the clinic last checked it with the issuer.", "2026-01-15")] | None = None
    scopes: list[Annotated[str, coded("practice_scopes", "What it allows to do.")]] = []
    trainings: list[Training] = []
    practising_since_year: (
        Annotated[WholeNumber, measured("a", 1940, 2100, "Year of the first own treatments.", 2009)] | None
    ) = None
