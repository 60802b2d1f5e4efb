"""What is done in a session beside or through the needles (STRICTA 2010, items 2e and 4a)."""

from typing import Annotated

from clinic_events.envelope import Record, WholeNumber
from clinic_events.fields import coded, measured, text

Point = Annotated[str, text(64, "The point as the clinic writes it: ST36, St-36, BL 60, Zusanli.", "ST36")]
Region = Annotated[str, coded("body_regions", "The region of the body.")]
Side = Annotated[str, coded("sides", "The side of the body.")]
Duration = Annotated[float, measured("min", 0, 240, "For how long.", 20)]


class Electrostimulation(Record, frozen=True, kw_only=True):
    """Current between two needles."""

    points: list[Point] = []
    side: Side | None = None
    frequency_hz: (
        Annotated[float, measured("Hz", 0, 1000, "Frequency; of a changing current, the lower.", 2)] | None
    ) = None
    higher_frequency_hz: Annotated[float, measured("Hz", 0, 1000, "The higher of a changing current.", 100)] | None = (
        None
    )
    pattern: Annotated[str, coded("electro_patterns", "How the current changes.")] | None = None
    current_ma: Annotated[float, measured("mA", 0, 30, "Strength.", 1.5)] | None = None
    duration_min: Duration | None = None


class Moxibustion(Record, frozen=True, kw_only=True):
    """Warming with burning mugwort."""

    kind: Annotated[str, coded("moxibustion_kinds", "How.")]
    point: Point | None = None
    region: Region | None = None
    side: Side | None = None
    intent: Annotated[str, coded("point_intents", "Why a point was chosen that calls for care.")] | None = None
    cones: Annotated[WholeNumber, measured("1", 0, 100, "How many cones or sticks.", 3)] | None = None
    duration_min: Duration | None = None


class Cupping(Record, frozen=True, kw_only=True):
    """Suction by cups."""

    kind: Annotated[str, coded("cupping_kinds", "How.")]
    region: Region | None = None
    cups: Annotated[WholeNumber, measured("1", 0, 40, "How many cups.", 6)] | None = None
    duration_min: Duration | None = None


class Guasha(Record, frozen=True, kw_only=True):
    """Scraping of the skin."""

    region: Region | None = None
    side: Side | None = None
    duration_min: Duration | None = None


class AuricularTreatment(Record, frozen=True, kw_only=True):
    """A needle, tack or seed at the ear."""

    site: Annotated[str, coded("auricular_sites", "Where at the ear.")]
    side: Side | None = None
    device: Annotated[str, coded("auricular_devices", "What was put there.")] | None = None
    retained_days: (
        Annotated[float, measured("d", 0, 30, "How long it is to stay; 0 when taken out at the end.", 3)] | None
    ) = None
