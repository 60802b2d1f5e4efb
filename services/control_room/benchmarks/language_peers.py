"""The same checks on sessions as other libraries would make them: pydantic, and jsonschema-rs over decoded JSON.

Both are spared what Meridian does besides: pseudonym, content hash and enrichment.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

import jsonschema_rs
import msgspec
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, create_model, model_validator

from clinic_events.catalogue import EVENT_TYPES
from clinic_events.envelope import Envelope, Record
from clinic_events.json_schemas import event_schema
from clinic_events.plausible_types import plausible_type
from clinic_events.points import recognised
from clinic_events.sessions import Needle, SessionCompleted

Check = Callable[[bytes], bytes]

_LATEST = datetime.now(UTC) + timedelta(hours=1)
_OLDEST = datetime(1990, 1, 1, tzinfo=UTC)


def bare_msgspec() -> Check:
    """Typed decode and encode, no check beyond the types."""

    class Event(Envelope, frozen=True, kw_only=True):
        data: SessionCompleted  # pyright: ignore[reportIncompatibleVariableOverride]

    decoder, encode = msgspec.json.Decoder(Event), msgspec.json.Encoder().encode
    return lambda raw: encode(decoder.decode(raw))


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def pydantic_checks() -> Check:
    """Fields narrowed as in Meridian's plausible types, and the rules between fields as model validators."""
    needle = _model(Needle, _needle_validator)
    session = _model(SessionCompleted, _session_validator, needles=(list[needle], []))
    fields: dict[str, Any] = {
        "id": (Annotated[str, Field(min_length=1, max_length=64)], ...),
        "source": (Annotated[str, Field(min_length=1, max_length=256)], ...),
        "specversion": (Literal["1.0"], ...),
        "type": (Literal["session.completed"], ...),
        "time": (AwareDatetime, ...),
        "subject": (Annotated[str, Field(min_length=1, max_length=128)], ...),
        "data": (session, ...),
    }
    event = _created("Event", fields, _timely)
    return lambda raw: event.model_validate_json(raw).model_dump_json(exclude_defaults=True).encode()


def jsonschema_checks() -> Check:
    """jsonschema-rs over what msgspec, the fastest, decodes; the rules between fields in plain Python."""
    schema = event_schema(EVENT_TYPES["session.completed"])
    _, parts = msgspec.json.schema_components([plausible_type(SessionCompleted)], ref_template="#/$defs/{name}")
    schema["$defs"] = parts
    schema["properties"]["data"] = {"$ref": "#/$defs/PlausibleSessionCompleted"}
    validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)

    def check(raw: bytes) -> bytes:
        document = msgspec.json.decode(raw)
        validator.validate(document)
        if not all(_holds(needle) for needle in document["data"]["needles"]) or not _counts(document["data"]):
            raise ValueError
        if not _OLDEST <= datetime.fromisoformat(document["time"]) <= _LATEST:
            raise ValueError
        return msgspec.json.encode(document)

    return check


def _model(record: type[Record], validator: Any, **instead: Any) -> type[BaseModel]:
    fields = {field.name: _pydantic_field(field) for field in msgspec.structs.fields(plausible_type(record))}
    return _created(record.__name__, fields | instead, validator)


def _created(name: str, fields: dict[str, Any], validator: Any) -> type[BaseModel]:
    checks: dict[str, Any] = {"between_fields": model_validator(mode="after")(validator)}
    return create_model(name, __base__=_Strict, __validators__=checks, **fields)


def _pydantic_field(field: Any) -> tuple[Any, Any]:
    hint = _translated(field.type)
    return hint, ... if field.required else field.default if field.default is not msgspec.NODEFAULT else []


def _translated(hint: Any) -> Any:
    """msgspec's annotations as pydantic's; nested records other than needles do not occur in the sample."""
    options: tuple[Any, ...] = getattr(hint, "__args__", ())
    for meta in getattr(hint, "__metadata__", ()):
        limits = {name: getattr(meta, name) for name in ("ge", "le", "min_length", "max_length")}
        given = {name: limit for name, limit in limits.items() if limit is not None}
        return Annotated[hint.__origin__, Field(**given)] if given else hint.__origin__
    if type(None) in options:
        return _translated(next(option for option in options if option is not type(None))) | None
    if getattr(hint, "__origin__", None) is list:
        return list[_translated(options[0])]
    return list[Any] if isinstance(hint, type) and issubclass(hint, Record) else hint


def _needle_validator(model: Any) -> Any:
    known = recognised[model.point]
    if model.side not in known.ordinary_sides:
        raise ValueError("point")
    if model.depth_mm is not None and (model.depth_mm > known.deepest_mm or model.depth_mm > (model.length_mm or 999)):
        raise ValueError("depth")
    return model


def _session_validator(model: Any) -> Any:
    if model.needles_inserted != model.needles_removed or model.needles_inserted < len(model.needles):
        raise ValueError("needles")
    return model


def _timely(model: Any) -> Any:
    if not _OLDEST <= model.time <= _LATEST:
        raise ValueError("time")
    return model


def _holds(needle: dict[str, Any]) -> bool:
    known, depth = recognised[needle["point"]], needle.get("depth_mm")
    return needle.get("side") in known.ordinary_sides and (
        depth is None or (depth <= known.deepest_mm and depth <= needle.get("length_mm", 999))
    )


def _counts(data: dict[str, Any]) -> bool:
    return len(data["needles"]) <= data["needles_inserted"] == data["needles_removed"]
