"""Contracts once more, narrowed to what is plausible: codes of the vocabularies only, numbers within their ranges only.

An event that can be read as one of these needs no look at its fields one by one: the decoder, in C, has done it. One
that cannot is read as its contract says, and then `rules` tells which fields are flagged.
"""

from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta

from clinic_events.catalogue import EventType
from clinic_events.envelope import Envelope, PatientReference, Record
from clinic_events.vocabularies import current_codes

R = TypeVar("R", bound=Record)


@cache
def plausible_type(record: type[Record]) -> type[Record]:
    """A subclass of `record` with the same fields in the same order, which encodes alike."""
    hints = get_type_hints(record, include_extras=True)
    fields = [(field.name, _narrowed(hints[field.name]), *_default(field)) for field in msgspec.structs.fields(record)]
    return _made(f"Plausible{record.__name__}", fields, record)


@cache
def plausible_event_type(kind: EventType) -> type[Envelope]:
    """The envelope of one type of event with its data in it, so that one pass of the decoder reads the whole."""
    fields: list[tuple[Any, ...]] = [
        ("specversion", Literal["1.0"]),
        ("type", Literal[kind.name]),  # pyright: ignore[reportInvalidTypeForm]  # made at run time
        ("data", plausible_type(kind.data)),
        ("schemaversion", Literal[kind.version], kind.version),  # pyright: ignore[reportInvalidTypeForm]
    ]
    if kind.about_patient:
        fields.append(("subject", PatientReference))
    return _made(f"{kind.data.__name__}Event", fields, Envelope)


def _made(name: str, fields: list[tuple[Any, ...]], base: type[R]) -> type[R]:
    made = msgspec.defstruct(
        name, fields, bases=(base,), frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
    )
    return cast(type[R], made)


def _default(field: Any) -> tuple[Any, ...]:
    if field.required:
        return ()
    return (field.default if field.default is not msgspec.NODEFAULT else field.default_factory(),)


def _narrowed(hint: Any) -> Any:
    origin = get_origin(hint)
    if origin is Annotated:
        return _narrowed_field(hint)
    if origin in (Union, UnionType):
        return Union[tuple(_narrowed(option) for option in get_args(hint))]  # noqa: UP007  # made at run time
    if origin is list:
        return list[_narrowed(get_args(hint)[0])]
    if isinstance(hint, type) and hint is not NoneType and issubclass(hint, Record):
        return plausible_type(hint)
    return hint


def _narrowed_field(hint: Any) -> Any:
    base, *metas = get_args(hint)
    said = {key: value for meta in metas for key, value in (meta.extra or {}).items()}
    if vocabulary := said.get("vocabulary"):
        return Literal[tuple(sorted(current_codes(vocabulary)))]
    if plausible := said.get("plausible"):
        return Annotated[base, Meta(ge=plausible[0], le=plausible[1])]
    return Annotated[_narrowed(base), *metas]
