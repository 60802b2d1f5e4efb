"""Events made up from the contracts: from the types themselves, and from the schemas that strangers read. Seeded.

A made-up event is as its contract says, except that with each field goes a small chance of something odd: then it is
up to both paths of the platform to say the same of it.
"""

import copy
import json
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import msgspec

from clinic_events.catalogue import EVENT_TYPES, EventType
from clinic_events.envelope import Envelope, Record
from clinic_events.json_schemas import event_schema
from clinic_events.vocabularies import vocabulary

LETTERS = 'aZ0-é足\U0001f525 "\\/\n\x00'
TIMES = ["2026-03-02T09:30:00+01:00", "2026-03-02T08:30:00Z", "1970-01-01T00:00:00Z", "2031-12-31T23:59:59-11:30",
         "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-02-28t10:00:00.123456z"]  # fmt: skip
ODD_TIMES = ["2026-03-02T09:30:00", "2026-02-30T00:00:00Z", "2026-06-30T23:59:60Z", "noon", "", "2026-03-02 09:30:00Z"]
DAYS = ["2026-03-02", "2024-02-29", "0001-01-01"]
ODD_DAYS = ["2025-02-29", "2026-3-2", "2026-03-02T00:00:00Z", "yesterday"]
ODD = [
    None,
    True,
    0,
    -1,
    2**53,
    -(2**70),
    1e308,
    0.5,
    3.0,
    "",
    "x" * 70,
    "x" * 300,
    [],
    [[]],
    {},
    {"a": {"b": 1}},
    [None],
]


@cache
def _fields(record: type[Record]) -> list[tuple[str, Any, bool]]:
    """Name, type and whether it is required; worked out once, for it takes longer than making up a value."""
    hints = get_type_hints(record, include_extras=True)
    return [(field.name, hints[field.name], field.required) for field in msgspec.structs.fields(record)]


class FromTypes:
    """Walks the msgspec types."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def event(self, kind: EventType) -> dict[str, Any]:
        event = {name: value for name, value in self.record(Envelope).items() if name != "data"}
        event |= {"specversion": "1.0", "type": kind.name, "schemaversion": kind.version, "clinicid": "north-bridge"}
        event["subject"] = event.get("subject") or "P-1"
        return {**event, "data": self.record(kind.data)}

    def record(self, record: type[Record]) -> dict[str, Any]:
        return {
            name: self.value(hint)
            for name, hint, is_required in _fields(record)
            if is_required or self.random.random() < 0.5
        }

    def value(self, hint: Any, said: dict[str, Any] | None = None) -> Any:
        origin, said = get_origin(hint), said or {}
        if origin is Annotated:
            base, *metas = get_args(hint)
            more = {key: value for meta in metas for key, value in (meta.extra or {}).items()}
            return self.value(base, said | more)
        if origin in (Union, UnionType):
            return self.value(next(option for option in get_args(hint) if option is not type(None)), said)
        if origin is list:
            return [self.value(get_args(hint)[0]) for _ in range(self.random.choice([0, 1, 1, 2, 3]))]
        if isinstance(hint, type) and issubclass(hint, Record):
            return self.record(hint)
        return self.scalar(hint, said)

    def scalar(self, hint: Any, said: dict[str, Any]) -> Any:
        random = self.random
        if name := said.get("vocabulary"):
            return random.choice(list(vocabulary(name)))
        if limits := said.get("plausible"):
            number = random.choice([*limits, random.uniform(*limits)])
            return int(number) if hint is int else round(number, 2)
        by_type = {
            bool: lambda: random.random() < 0.5,
            int: lambda: random.randint(-5, 50),
            float: lambda: random.uniform(0, 20),
        }
        if hint in by_type:
            return by_type[hint]()
        if hint is datetime:
            return (datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=random.randint(0, 40_000))).isoformat()
        return random.choice(DAYS) if hint is not str else random.choice(["ST36", "zusanli", "P-1", "e" * 40, "北"])


class FromSchemas:
    """Walks the exported JSON Schema, as somebody would who has nothing else."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.schemas = {name: event_schema(kind) for name, kind in EVENT_TYPES.items()}

    def event(self, kind: EventType) -> dict[str, Any]:
        schema = self.schemas[kind.name]
        return self.value(schema, schema["$defs"])

    def value(self, schema: dict[str, Any], parts: dict[str, Any]) -> Any:
        if "$ref" in schema:
            schema = parts[schema["$ref"].rsplit("/", 1)[1]]
        if "const" in schema:
            return schema["const"]
        if "anyOf" in schema:
            return self.value(self.random.choice(schema["anyOf"]), parts)
        made = getattr(self, f"_{schema.get('type')}", None)
        return made(schema, parts) if made else self.random.choice(ODD)

    def _object(self, schema: dict[str, Any], parts: dict[str, Any]) -> dict[str, Any]:
        required = schema.get("required", ())
        return {
            name: self.value(inner, parts)
            for name, inner in schema.get("properties", {}).items()
            if name in required or self.random.random() < 0.4
        }

    def _array(self, schema: dict[str, Any], parts: dict[str, Any]) -> list[Any]:
        return [self.value(schema.get("items", {}), parts) for _ in range(self.random.choice([0, 1, 2]))]

    def _string(self, schema: dict[str, Any], _: dict[str, Any]) -> str:
        if schema.get("pattern"):
            return "1.0"
        if form := schema.get("format"):
            return self.random.choice(TIMES if form == "date-time" else DAYS)
        least, most = schema.get("minLength", 0), min(schema.get("maxLength", 20), 130)
        return "".join(
            self.random.choices(LETTERS, k=self.random.choice([least, most, self.random.randint(least, most)]))
        )

    def _integer(self, schema: dict[str, Any], _: dict[str, Any]) -> int:
        return self.random.choice([schema.get("minimum", -9), schema.get("maximum", 9), self.random.randint(0, 99)])

    def _number(self, _schema: dict[str, Any], _: dict[str, Any]) -> float:
        return self.random.choice([0, 12, -3.5, 1e300, self.random.uniform(0, 100)])

    def _boolean(self, _schema: dict[str, Any], _: dict[str, Any]) -> bool:
        return self.random.random() < 0.5

    def _null(self, _schema: dict[str, Any], _: dict[str, Any]) -> None:
        return None


def mutated(event: dict[str, Any], random: Random) -> dict[str, Any]:
    """A copy in which up to three things were replaced, taken away or added, anywhere in it."""
    event = copy.deepcopy(event)
    for _ in range(random.randint(1, 3)):
        place = random.choice(_places(event))
        key = random.choice([*place, "stranger"]) if isinstance(place, dict) else random.randrange(len(place))
        if random.random() < 0.3:
            place.pop(key, None) if isinstance(place, dict) else place.pop(key)
        else:
            # A copy: a later change within an odd list must not change what is odd.
            place[key] = copy.deepcopy(random.choice([*ODD, *TIMES, *ODD_TIMES, *DAYS, *ODD_DAYS]))
    return event


def _places(value: Any) -> list[Any]:
    """Every object and every list with something in it."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    own = [value] if isinstance(value, dict | list) and value else []
    return own + [place for each in inner for place in _places(each)]


def generated(seed: int, count: int) -> list[bytes]:
    """`count` events of all types by turns: from types and from schemas, half of them mutated."""
    random, kinds = Random(seed), list(EVENT_TYPES.values())
    makers = (FromTypes(random), FromSchemas(random))
    events: list[bytes] = []
    for number in range(count):
        event = makers[number % 2].event(kinds[number // 4 % len(kinds)])
        event = mutated(event, random) if number % 4 >= 2 else event
        events.append(json.dumps(event, ensure_ascii=number % 3 == 0).encode("utf-8", "surrogatepass"))
    return events
