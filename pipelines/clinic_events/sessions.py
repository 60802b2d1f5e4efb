"""What was done in a session, needle by needle (STRICTA 2010, items 2, 4 and 5)."""

from typing import Annotated

from clinic_events.envelope import Identifier, Record, WholeNumber, ZonedTime
from clinic_events.fields import coded, measured, said, text
from clinic_events.modalities import AuricularTreatment, Cupping, Electrostimulation, Guasha, Moxibustion, Point, Region


class Needle(Record, frozen=True, kw_only=True):
    """One needle. A tender spot that is no named point is `ashi`, with its region."""

    point: Point
    side: Annotated[str, coded("sides", "The side of the body.")] | None = None
    depth_mm: Annotated[float, measured("mm", 0, 120, "Depth of insertion (2c).", 15)] | None = None
    angle: Annotated[str, coded("angles", "Angle to the skin.")] | None = None
    gauge_mm: Annotated[float, measured("mm", 0.1, 0.5, "Needle diameter (2g).", 0.25)] | None = None
    length_mm: Annotated[float, measured("mm", 5, 150, "Needle length (2g).", 40)] | None = None
    stimulation: Annotated[str, coded("stimulations", "How it was stimulated (2e).")] | None = None
    de_qi: Annotated[bool, said("Whether de qi was obtained (2d).")] | None = None
    lot: Annotated[str, text(64, "The maker's lot, as on the packet.", "A2291")] | None = None
    region: Region | None = None
    tissue_level: Annotated[str, coded("tissue_levels", "Depth by the tissue that was reached (2c).")] | None = None
    direction: Annotated[str, coded("needle_directions", "Where the tip points.")] | None = None
    manufacturer: Annotated[str, text(64, "Who made the needle (2g).", "Seirin")] | None = None
    material: Annotated[str, coded("needle_materials", "What it is made of (2g).")] | None = None
    response_sought: Annotated[str, coded("needle_responses", "What was sought (2d).")] | None = None
    response: Annotated[str, coded("needle_responses", "What was obtained (2d).")] | None = None
    de_qi_intensity: Annotated[float, measured("1", 0, 10, "De qi from 0, none, to 10 (2d).", 5)] | None = None
    de_qi_sensations: list[Annotated[str, coded("de_qi_sensations", "What the patient felt.")]] = []
    retention_min: Annotated[float, measured("min", 0, 180, "How long this needle stayed (2f).", 20)] | None = None
    intent: Annotated[str, coded("point_intents", "Why a point was chosen that calls for care.")] | None = None


class SessionCompleted(Record, frozen=True, kw_only=True):
    """A treatment session that has ended, and whether, when and how adverse events were asked for."""

    session_id: Annotated[Identifier, said("Unique within the clinic.", "S-2071")]
    practitioner_id: Annotated[Identifier, said("Who treated (5).", "dr-7")] | None = None
    episode_id: Annotated[Identifier, said("The episode of care that it belongs to.", "E-31")] | None = None
    needles: list[Needle] = []
    needles_inserted: Annotated[WholeNumber, measured("1", 0, 200, "Needles counted in (2a).", 8)] | None = None
    needles_removed: Annotated[WholeNumber, measured("1", 0, 200, "Needles counted out.", 8)] | None = None
    retention_min: Annotated[float, measured("min", 0, 180, "How long the needles stayed (2f).", 25)] | None = None
    duration_min: Annotated[float, measured("min", 0, 480, "How long the session took.", 45)] | None = None
    techniques: list[Annotated[str, coded("techniques", "What was done beyond needling (4a).")]] = []
    ae_screen_method: Annotated[str, coded("ae_screen_methods", "How adverse events were asked for.")] | None = None
    ae_screened: Annotated[bool, said("Whether adverse events were asked for.")] | None = None
    ae_screen_time: Annotated[str, coded("ae_screen_times", "When they were asked for.")] | None = None
    needles_left_in: (
        Annotated[WholeNumber, measured("1", 0, 50, "Needles that stay on purpose, as press tacks do.", 0)] | None
    ) = None
    started_at: Annotated[ZonedTime, said("When it began.", "2026-03-02T09:30:00+01:00")] | None = None
    ended_at: Annotated[ZonedTime, said("When it ended.", "2026-03-02T10:15:00+01:00")] | None = None
    plan_id: Annotated[Identifier, said("The plan that it follows.", "T-12")] | None = None
    style: Annotated[str, coded("styles", "Style of acupuncture (1a), where it is not the plan's.")] | None = None
    setting: Annotated[str, coded("settings", "Where it took place (4b).")] | None = None
    position: Annotated[str, coded("patient_positions", "How the patient lay or sat.")] | None = None
    electrostimulation: list[Electrostimulation] = []
    moxibustion: list[Moxibustion] = []
    cupping: list[Cupping] = []
    guasha: list[Guasha] = []
    auricular: list[AuricularTreatment] = []
    advice: list[Annotated[str, coded("advice", "What the patient was advised to do at home (4b).")]] = []
    conventional_care_contact: (
        Annotated[bool, said("Whether the patient also saw a doctor for this since the last session.")] | None
    ) = None
