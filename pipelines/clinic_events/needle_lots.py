"""Needles by the lot, so that a lot that is called back can be followed to its sessions."""

from typing import Annotated

from clinic_events.envelope import Day, Record, WholeNumber
from clinic_events.fields import coded, measured, said, text

Lot = Annotated[str, text(64, "The maker's lot, as on the packet.", "A2291")]
Manufacturer = Annotated[str, text(64, "Who made the needles.", "Seirin")]


class NeedleLotReceived(Record, frozen=True, kw_only=True):
    """Needles of a lot have come in."""

    lot: Lot
    manufacturer: Manufacturer
    gauge_mm: Annotated[float, measured("mm", 0.1, 0.5, "Needle diameter.", 0.25)] | None = None
    length_mm: Annotated[float, measured("mm", 5, 150, "Needle length.", 40)] | None = None
    material: Annotated[str, coded("needle_materials", "What they are made of.")] | None = None
    quantity: Annotated[WholeNumber, measured("1", 0, 1_000_000, "How many needles.", 1000)] | None = None
    sterile_until: Annotated[Day, said("Last day on which they are sterile.", "2029-06-30")] | None = None


class NeedleLotRecalled(Record, frozen=True, kw_only=True):
    """A lot was called back, and the clinic has heard of it."""

    lot: Lot
    manufacturer: Manufacturer
    reason: Annotated[str, coded("recall_reasons", "Why.")] | None = None
    recalled_on: Annotated[Day, said("When it was called back.", "2026-02-20")] | None = None
    needles_removed: (
        Annotated[WholeNumber, measured("1", 0, 1_000_000, "How many unused needles were set aside.", 400)] | None
    ) = None
