"""Conservation: does everything a clinic sent stand somewhere, exactly once?"""

from collections import defaultdict
from dataclasses import dataclass

from quality_dashboard.wording import counted
from warehouse_releases.conservation import Conservation, PartitionBalance


@dataclass(frozen=True)
class ConservationRow:
    """The partitions of one clinic's topic together, in events. `problems` are the partitions' own, in words."""

    clinic_id: str
    sent: int
    accepted: int
    quarantined: int
    duplicates: int
    erased: int
    pending: int
    problems: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.problems

    @property
    def level(self) -> str:
        return "good" if self.holds else "bad"

    @property
    def verdict(self) -> str:
        """OK, or what is wrong in words."""
        if self.problems:
            return "; ".join(self.problems)
        return f"OK, {counted(self.pending, 'event')} on the way" if self.pending else "OK"


@dataclass(frozen=True)
class Verdict:
    level: str
    text: str


def conservation_rows(conservation: Conservation) -> list[ConservationRow]:
    """One row per clinic, those that do not add up first."""
    by_clinic: dict[str, list[PartitionBalance]] = defaultdict(list)
    for partition in conservation.partitions:
        by_clinic[partition.clinic_id].append(partition)
    rows = [_add_up(clinic_id, partitions) for clinic_id, partitions in by_clinic.items()]
    return sorted(rows, key=lambda row: (row.holds, row.clinic_id))


def conservation_line(conservation: Conservation) -> Verdict:
    """The sum over all clinics in one sentence."""
    if not conservation.holds:
        clinics = len({part.clinic_id for part in conservation.partitions if not part.holds})
        absent = [f"topic {topic} is missing from the broker" for topic in conservation.missing_topics]
        unsound = [f"{counted(clinics, 'clinic does', 'clinics do')} not add up"] if clinics else []
        return Verdict("bad", f"{'; '.join([*unsound, *absent])}.")
    sent, pending = conservation.total("sent"), conservation.total("pending")
    if not sent:
        return Verdict("idle", "Nothing has been sent yet.")
    way = f"; {counted(pending, 'of them is', 'of them are')} on the way" if pending else ""
    return Verdict("good", f"All of {counted(sent, 'event')} are accounted for{way}.")


def _add_up(clinic_id: str, partitions: list[PartitionBalance]) -> ConservationRow:
    # A partition that is short cannot be made good by another that is over: each one's problems stand.
    problems = [f"partition {part.partition}: {problem}" for part in partitions for problem in part.problems]
    return ConservationRow(
        clinic_id=clinic_id,
        sent=sum(part.sent for part in partitions),
        accepted=sum(part.accepted for part in partitions),
        quarantined=sum(part.quarantined for part in partitions),
        duplicates=sum(part.duplicates for part in partitions),
        erased=sum(part.erased for part in partitions),
        pending=sum(part.pending for part in partitions),
        problems=tuple(problems),
    )
