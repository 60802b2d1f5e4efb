"""What is true of a simulated network: what was planted in it, and what only looks as if it were."""

from dataclasses import dataclass
from typing import Literal

PlantKind = Literal["elevated_risk", "under_reporting", "silence", "lapsed_licence", "resent_history", "broken_events"]
DecoyKind = Literal["asks_by_checklist", "small_clinic", "holiday_gap"]


@dataclass(frozen=True)
class Plant:
    """One thing to be found.

    `amount`: how many times the risk, share of events reported, silent days, sessions without a licence, events sent
    again, broken events. Broken events are one plant per refusal code (`reason`) and clinic.
    """

    kind: PlantKind
    clinic_id: str
    amount: float
    reason: str | None = None


@dataclass(frozen=True)
class Decoy:
    """One clinic that must not be found, and why one might."""

    kind: DecoyKind
    clinic_id: str


@dataclass(frozen=True)
class Truth:
    """Everything planted, and the decoys; both empty in a network where nothing is to be found."""

    plants: tuple[Plant, ...]
    decoys: tuple[Decoy, ...]

    def clinic_of(self, kind: str) -> str | None:
        """The one clinic with this plant or decoy; None where there is none."""
        return next((each.clinic_id for each in (*self.plants, *self.decoys) if each.kind == kind), None)
