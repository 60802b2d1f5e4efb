"""What was done in a session, needle by needle (STRICTA 2010, items 2 and 4)."""

from typing import Annotated

from msgspec import Meta

from clinic_events.envelope import Code, Identifier, Record, WholeNumber


class Needle(Record, frozen=True, kw_only=True):
    """One needle."""

    point: Annotated[str, Meta(max_length=64, description="The point as the clinic writes it: ST36, St-36, BL 60.")]
    side: Annotated[Code, Meta(description="left, right, midline or both.")] | None = None
    depth_mm: Annotated[float, Meta(description="Depth of insertion, millimetres.")] | None = None
    angle: Annotated[Code, Meta(description="perpendicular, oblique or transverse.")] | None = None
    gauge_mm: Annotated[float, Meta(description="Needle diameter, millimetres.")] | None = None
    length_mm: Annotated[float, Meta(description="Needle length, millimetres.")] | None = None
    stimulation: Annotated[Code, Meta(description="Vocabulary `stimulations`.")] | None = None
    de_qi: Annotated[bool, Meta(description="Whether de qi was obtained.")] | None = None
    lot: Annotated[str, Meta(max_length=64, description="The maker's lot.")] | None = None


class SessionCompleted(Record, frozen=True, kw_only=True):
    """A treatment session that has ended, and whether and how adverse events were asked for."""

    session_id: Annotated[Identifier, Meta(description="Unique within the clinic.")]
    practitioner_id: Identifier | None = None
    episode_id: Identifier | None = None
    needles: list[Needle] = []
    needles_inserted: Annotated[WholeNumber, Meta(description="Needles counted in.")] | None = None
    needles_removed: Annotated[WholeNumber, Meta(description="Needles counted out.")] | None = None
    retention_min: Annotated[float, Meta(description="How long the needles stayed, minutes.")] | None = None
    duration_min: Annotated[float, Meta(description="How long the session took, minutes.")] | None = None
    techniques: Annotated[list[Code], Meta(description="Beyond needling, vocabulary `techniques`.")] = []
    ae_screen_method: (
        Annotated[Code, Meta(description="How adverse events were asked for, vocabulary `ae_screen_methods`.")] | None
    ) = None
