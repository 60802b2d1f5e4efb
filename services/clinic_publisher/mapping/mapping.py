"""A mapping, checked whole before the first row is read."""

from collections.abc import Iterator
from collections.abc import Mapping as Keyed
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from clinic_publisher.mapping.document import read_document
from clinic_publisher.mapping.events import ATTRIBUTES, EventRule, MappedEvent, compile_event, make_event
from clinic_publisher.mapping.inspection import Inspection, MappingInvalid, RowRefused
from clinic_publisher.mapping.row import Row
from network_registry.clinics import valid_clinic_id

KEYS = ("mapping", "version", "delimiter", "missing", "timezone", "source", "row_key", *ATTRIBUTES, "studies", "events")
STUDY_KEYS = ("id", "reference_arm", "title")


@dataclass(frozen=True)
class DeclaredStudy:
    study_id: str
    reference_arm: str
    title: str | None = None


@dataclass(frozen=True)
class Mapping:
    """How the rows of a file become events."""

    name: str
    version: int
    delimiter: str
    missing: frozenset[str]
    source: str
    row_key: tuple[str, ...]
    studies: tuple[DeclaredStudy, ...]
    rules: tuple[EventRule, ...]
    inspection: Inspection

    @property
    def names_every_clinic(self) -> bool:
        return all(rule.clinic for rule in self.rules)

    def check_header(self, header: list[str]) -> None:
        """Raises `MappingInvalid` when the file lacks a column that the mapping needs."""
        if problems := self.inspection.missing_columns(header):
            raise MappingInvalid(problems)

    def row_identity(self, cells: Keyed[str, str | None]) -> list[str]:
        """What makes this row's events the same events next time. Raises `RowRefused` when a key cell is empty."""
        keys = [cell for column in self.row_key if (cell := cells.get(column)) is not None]
        if len(keys) < len(self.row_key):
            raise RowRefused("row_key: empty in this row")
        return [self.name, str(self.version), *keys]

    def events(self, row: Row, own_clinic: str | None = None) -> Iterator[MappedEvent]:
        """The events of one row. `own_clinic` is the clinic of rules that name none. Raises `RowRefused`."""
        identity = self.row_identity(row)
        for rule in self.rules:
            if rule.applies(row):
                event = make_event(rule, row, identity, self.source, own_clinic)
                if not valid_clinic_id(event.clinic_id):
                    raise RowRefused(f"events.{rule.name}.clinic: not a clinic id (2 to 40 of a-z, 0-9 and -)")
                yield event


def load_mapping(path: Path) -> Mapping:
    """Read and check a mapping. Raises `MappingInvalid` with every problem and its place."""
    inspection = Inspection()
    mapping = _compile(read_document(path), inspection)
    if inspection.problems or mapping is None:
        raise MappingInvalid(inspection.problems)
    return mapping


def _compile(document: dict[Any, Any], inspection: Inspection) -> Mapping | None:
    inspection.known_keys("mapping", document, KEYS)
    name = document.get("mapping")
    if not isinstance(name, str) or not name:
        inspection.problem("mapping", "a mapping has a name, a text: it is part of every event's id")
    inspection.zone = _zone(document.get("timezone"), inspection)
    return Mapping(
        name=str(name),
        version=_typed(document, "version", int, 1, inspection),
        delimiter=_delimiter(document, inspection),
        missing=frozenset({"", *_texts(document.get("missing", []), "missing", inspection)}),
        source=_typed(document, "source", str, f"/mapping/{name}", inspection),
        row_key=_row_key(document.get("row_key"), inspection),
        studies=tuple(_studies(document.get("studies", []), inspection)),
        rules=tuple(_rules(document, inspection)),
        inspection=inspection,
    )


def _typed(document: dict, key: str, kind: type, default: Any, inspection: Inspection) -> Any:
    value = document.get(key, default)
    if not isinstance(value, kind) or isinstance(value, bool):
        inspection.problem(key, "a whole number is wanted" if kind is int else "a text is wanted")
    return value


def _delimiter(document: dict, inspection: Inspection) -> str:
    delimiter = document.get("delimiter", ",")
    if not isinstance(delimiter, str) or len(delimiter) != 1 or delimiter in '"\r\n':
        inspection.problem("delimiter", "one character is wanted")
    return delimiter


def _texts(node: Any, place: str, inspection: Inspection) -> list[str]:
    if not isinstance(node, list) or not all(isinstance(one, str) for one in node):
        inspection.problem(place, "a list of texts is wanted")
        return []
    return node


def _zone(name: Any, inspection: Inspection) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name is not None else None
    except (KeyError, ValueError, TypeError, OSError):
        inspection.problem("timezone", "not the name of a time zone, such as Europe/London")
        return None


def _row_key(node: Any, inspection: Inspection) -> tuple[str, ...]:
    columns = [node] if isinstance(node, str) else node
    if not isinstance(columns, list) or not columns or not all(isinstance(column, str) for column in columns):
        inspection.problem("row_key", "the column, or the list of columns, that tells one row from another is wanted")
        return ()
    for column in columns:
        inspection.needs_column("row_key", column)
    return tuple(columns)


def _studies(node: Any, inspection: Inspection) -> Iterator[DeclaredStudy]:
    for i, study in enumerate(node if isinstance(node, list) else [None]):
        place = f"studies[{i}]"
        if not isinstance(study, dict):
            inspection.problem(place, "a study is written {id: ..., reference_arm: ...}")
            continue
        inspection.known_keys(place, study, STUDY_KEYS)
        texts = [study.get("id"), study.get("reference_arm"), study.get("title", "")]
        if not all(isinstance(text, str) for text in texts) or not all(texts[:2]):
            inspection.problem(place, "`id`, `reference_arm` and `title` are texts, and the first two are needed")
            continue
        yield DeclaredStudy(study["id"], study["reference_arm"], study.get("title"))


def _rules(document: dict, inspection: Inspection) -> Iterator[EventRule]:
    nodes = document.get("events")
    if not isinstance(nodes, list) or not nodes:
        inspection.problem("events", "a list of events is wanted")
        return
    defaults = {key: document[key] for key in ATTRIBUTES if key in document}
    names: set[str] = set()
    for i, node in enumerate(nodes):
        name = node.get("name", node.get("type")) if isinstance(node, dict) else None
        place = f"events.{name}" if isinstance(name, str) else f"events[{i}]"
        if name in names:
            inspection.problem(place, "two events have this name: give each its own `name`")
        names.add(str(name))
        if rule := compile_event(node, defaults, place, inspection):
            yield rule
