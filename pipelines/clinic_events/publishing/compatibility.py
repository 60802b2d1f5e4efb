"""Whether a contract would refuse, or lose, what the last released one accepted. Decided on the schemas alone.

A field that no contract knew never was part of one: it may be given a meaning later. All else may only be widened.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from clinic_events.json_schemas import Schema
from clinic_events.publishing.narrowing import lost_types, narrowings, types
from clinic_events.publishing.schema_parts import Part


@dataclass(frozen=True, order=True)
class Break:
    """`field` leads from the event inwards: `data.needles[].depth_mm`; empty for the whole type."""

    event_type: str
    field: str
    change: str

    def __str__(self) -> str:
        return f"{self.event_type}: {self.field}: {self.change}" if self.field else f"{self.event_type}: {self.change}"


def breaks(released: Mapping[str, Schema], current: Mapping[str, Schema]) -> list[Break]:
    """Every change of the schemas, by type of event, that would break a clinic which keeps to the released ones."""
    found: list[Break] = []
    for name, schema in released.items():
        if name not in current:
            found.append(Break(name, "", "there is no such type any more"))
            continue
        found += [Break(name, *change) for change in _changes(Part(schema, schema), Part(current[name], current[name]))]
    return sorted(set(found))


def _changes(old: Part, new: Part, path: str = "") -> Iterator[tuple[str, str]]:
    """Field and change. Each form that was accepted (a text, or null) has to be so still."""
    for option in old.options():
        # What is still of the same type is what is meant, however much of it has changed.
        alike = [choice for choice in new.options() if not lost_types(option.schema, choice.schema)]
        if not alike:
            yield path, f"it no longer may be of type {' or '.join(sorted(types(option.schema)))}"
            continue
        yield from min((list(_option_changes(option, choice, path)) for choice in alike), key=len)


def _option_changes(old: Part, new: Part, path: str) -> Iterator[tuple[str, str]]:
    yield from ((path, change) for change in narrowings(old.schema, new.schema))
    yield from _field_changes(old, new, f"{path}." if path else "")
    if "items" in new.schema:
        yield from _changes(old.inner("items"), new.inner("items"), f"{path}[]")


def _field_changes(old: Part, new: Part, prefix: str) -> Iterator[tuple[str, str]]:
    was, needed = set(old.schema.get("required", ())), set(new.schema.get("required", ()))
    known: dict[str, Any] = old.schema.get("properties", {})
    for name in sorted(needed - was):
        yield f"{prefix}{name}", "it was optional and is required" if name in known else "it is new and required"
    for name in known:
        if name in new.schema.get("properties", {}):
            yield from _changes(old.property(name), new.property(name), f"{prefix}{name}")
        else:
            yield f"{prefix}{name}", "there is no such field any more"
