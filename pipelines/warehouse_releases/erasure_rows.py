"""What is left of rows when a patient is erased: a tombstone, which is counted and says nothing. Pure.

Of an event stay its origin, its clinic, when the broker took it and where it was landed: enough for every event that a
clinic sent to be accounted for, and nothing that tells events of one person from those of another.
"""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pyarrow as pa

from network_registry.erased_patients import ErasedPatients
from network_registry.topics import EVENTS

MERGED = "patient.merged"
_KEPT = {
    "origin_cluster_id", "origin_topic", "origin_topic_id", "origin_partition", "origin_offset", "clinic_id",
    "received_at", "landed_partition", "landed_offset",
}  # fmt: skip
# Of what was refused or raised an alert nothing names a patient; an id may be that of an event that is erased.
_IDENTITY = ("event_id", "event_type")

# The columns by which a row is known to be of somebody who is erased; the last two are looked at in a merger alone.
PATIENT_COLUMNS = ("patient_id", "event_type", "facts", "data")
HEAVY_COLUMNS = PATIENT_COLUMNS[2:]


def without_the_erased(topic: str, table: pa.Table, erased: ErasedPatients) -> pa.Table:
    """The table (in the columns of today) as it may be kept; the same object when nobody in it is erased."""
    if not erased or not table.num_rows:
        return table
    if topic != EVENTS:
        return _blanked(table, _mask(_ids(table), lambda one: erased.holds_event(*one)), _IDENTITY)
    taken = _mask(_ids(table), lambda one: erased.holds_event(*one))
    gone = rows_of_the_erased(table, erased)
    others = pa.array([ours and not lost for ours, lost in zip(taken.to_pylist(), gone.to_pylist(), strict=True)])
    return _marked(_tombstoned(table, gone), "id_was_erased", others)


def is_held(topic: str, table: pa.Table, erased: ErasedPatients) -> bool:
    """Whether a segment with these identities (`erasure_reading`) has anything that has to go."""
    taken = {row for row, one in enumerate(_ids(table)) if erased.holds_event(*one)}
    if topic != EVENTS:
        return bool(taken)
    said = {row for row, known in enumerate(table["id_was_erased"].to_pylist()) if known}
    return bool(taken - said) or any(rows_of_the_erased(table, erased).to_pylist())


def rows_of_the_erased(table: pa.Table, erased: ErasedPatients) -> pa.Array:
    """True for each row about a patient who is erased, or that names one as the former self of another."""
    mask = _mask(table["patient_id"].to_pylist(), erased.holds_patient)
    formers = {row for row, _, former in merges(table) if erased.holds_patient(former)}
    if not formers:
        return mask
    return pa.array([gone or row in formers for row, gone in enumerate(mask.to_pylist())])


def merges(table: pa.Table) -> Iterator[tuple[int, str, str]]:
    """(row, pseudonym, former pseudonym) of each merger of two references of one clinic."""
    rows = [row for row, kind in enumerate(table["event_type"].to_pylist()) if kind == MERGED]
    for row in rows:
        patient, former = table["patient_id"][row].as_py(), _former(table, row)
        if patient and former:
            yield row, patient, former


def _former(table: pa.Table, row: int) -> str | None:
    # Before there were facts beside the data they stood in it.
    for column in ("facts", "data"):
        try:
            told = msgspec.json.decode(table[column][row].as_py() or "{}")
        except msgspec.DecodeError:
            continue
        if isinstance(told, dict) and isinstance(former := told.get("former_patient_id"), str):
            return former
    return None


def _tombstoned(table: pa.Table, gone: pa.Array) -> pa.Table:
    if not any(gone.to_pylist()):
        return table
    emptied = _blanked(table, gone, [name for name in table.column_names if name not in _KEPT])
    return _marked(emptied, "is_erased", gone)


def _blanked(table: pa.Table, mask: pa.Array, names: Any) -> pa.Table:
    """Only the rows that stay are taken, so that nothing of the others is left in a buffer or a dictionary."""
    if not any(mask.to_pylist()):
        return table
    indices = pa.array([None if blank else row for row, blank in enumerate(mask.to_pylist())], pa.int64())
    for name in names:
        at = table.column_names.index(name)
        table = table.set_column(at, table.schema.field(at), table.column(at).combine_chunks().take(indices))
    return table


def _marked(table: pa.Table, column: str, mask: pa.Array) -> pa.Table:
    """True where the mask is, and as before elsewhere; the same object when it was so before."""
    at = table.column_names.index(column)
    before = table.column(at).to_pylist()
    after = [True if here else old for here, old in zip(mask.to_pylist(), before, strict=True)]
    return table if after == before else table.set_column(at, table.schema.field(at), pa.array(after, pa.bool_()))


def _ids(table: pa.Table) -> list[tuple[str | None, str | None]]:
    return list(zip(table["clinic_id"].to_pylist(), table["event_id"].to_pylist(), strict=True))


def _mask(values: list[Any], holds: Callable[[Any], bool]) -> pa.Array:
    """`holds` of each value, asked once for each that differs."""
    answers = {value: holds(value) for value in set(values)}
    return pa.array([answers[value] for value in values], pa.bool_())
