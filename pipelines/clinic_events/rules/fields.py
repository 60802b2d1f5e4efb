"""What each field says by itself: a code of its vocabulary, a number within its range."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from clinic_events.envelope import Record
from clinic_events.fields import Number
from clinic_events.reasons import Reason
from clinic_events.vocabularies import codes, last_day


@dataclass(frozen=True)
class _Kind:
    vocabulary: str | None = None
    plausible: tuple[Number, Number] | None = None


def field_flags(record: Record, path: str, day: date) -> Iterator[Reason]:
    """A reason for each field of the record, and of the records in it, that is implausible on its own; `day` is the
    event's."""
    for name, kind in _kinds(type(record)).items():
        yield from _flags(getattr(record, name), kind, f"{path}/{name}", day)


def _flags(value: Any, kind: _Kind, path: str, day: date) -> Iterator[Reason]:
    if isinstance(value, list):
        for position, item in enumerate(value):
            yield from _flags(item, kind, f"{path}/{position}", day)
    elif isinstance(value, Record):
        yield from field_flags(value, path, day)
    elif value is not None:
        if kind.vocabulary is not None:
            yield from _code_flags(value, kind.vocabulary, path, day)
        if kind.plausible is not None and not kind.plausible[0] <= value <= kind.plausible[1]:
            yield Reason("out_of_range", path)


def _code_flags(code: str, vocabulary: str, path: str, day: date) -> Iterator[Reason]:
    if code not in codes(vocabulary):
        yield Reason("unknown_code", path)
    elif (until := last_day(vocabulary, code)) is not None and day > until:
        yield Reason("code_of_other_version", path)


@cache
def _kinds(record: type[Record]) -> dict[str, _Kind]:
    return {name: _kind(hint) for name, hint in get_type_hints(record, include_extras=True).items()}


def _kind(hint: Any) -> _Kind:
    origin = get_origin(hint)
    if origin is Annotated:
        base, *metas = get_args(hint)
        said = {key: value for meta in metas for key, value in (meta.extra or {}).items()}
        return _Kind(said.get("vocabulary"), said.get("plausible")) if said else _kind(base)
    if origin in (Union, UnionType, list):
        found = [_kind(option) for option in get_args(hint)]
        return next((kind for kind in found if kind != _Kind()), _Kind())
    return _Kind()
