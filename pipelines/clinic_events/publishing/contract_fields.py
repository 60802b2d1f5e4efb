"""Every field of a contract, one by one, as a reader wants to know it; read from the published schema alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from clinic_events.envelope import Envelope
from clinic_events.json_schemas import Schema, explaining_schema, without_null
from clinic_events.publishing.field_words import kind_in_words, target


@dataclass(frozen=True)
class ContractField:
    """`path` leads through the lists: `needles[].depth_mm`. `required` within what it is part of."""

    path: str
    kind: str
    required: bool
    meaning: str
    unit: str | None = None
    plausible: tuple[float, float] | None = None
    vocabulary: str | None = None
    example: Any = None


def data_fields(schema: Schema) -> list[ContractField]:
    """The fields of the event's `data`, each followed by those within it."""
    return list(_fields(target(schema["properties"]["data"], schema), schema, ""))


def envelope_fields() -> list[ContractField]:
    """The attributes that every event has beside its `data`."""
    schema = explaining_schema(Envelope)
    envelope = schema["$defs"][Envelope.__name__]
    parts = {name: part for name, part in envelope["properties"].items() if name != "data"}
    return [_field(name, part, schema, name in envelope["required"]) for name, part in parts.items()]


def _fields(record: Schema, schema: Schema, prefix: str) -> Iterator[ContractField]:
    for name, part in record["properties"].items():
        is_list = "items" in part
        path = f"{prefix}{name}" + ("[]" if is_list else "")
        yield _field(path, part, schema, name in record.get("required", ()))
        inner = target(without_null(part["items"] if is_list else part), schema)
        if "properties" in inner:
            yield from _fields(inner, schema, f"{path}.")


def _field(path: str, part: Schema, schema: Schema, required: bool) -> ContractField:
    whole = without_null(part)
    said = {**target(whole.get("items", whole), schema), **{key: whole[key] for key in whole if key != "type"}}
    vocabulary = said.get("x-vocabulary")
    return ContractField(
        path=path,
        kind=kind_in_words(whole, schema),
        required=required,
        meaning=said.get("description", "").removesuffix(f" Vocabulary `{vocabulary}`."),
        unit=said.get("x-unit"),
        plausible=tuple(said["x-plausible"]) if "x-plausible" in said else None,
        vocabulary=vocabulary,
        example=next(iter(said.get("examples", ())), None),
    )
