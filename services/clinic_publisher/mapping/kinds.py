"""The kinds of value that an event's field can have, and how the text of a cell becomes one."""

import re
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import msgspec.inspect as inspect

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d+", re.ASCII)
# What JSON readers in every language hold exactly.
_LARGEST_INTEGER = 2**53
_TRUE, _FALSE = frozenset({"true", "yes", "y", "t", "1"}), frozenset({"false", "no", "n", "f", "0"})


class Kind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"


def a(kind: object) -> str:
    """With its article."""
    return f"an {kind}" if str(kind)[:1] in "aeiou" else f"a {kind}"


_KINDS: dict[type, Kind] = {
    inspect.StrType: Kind.TEXT,
    inspect.FloatType: Kind.NUMBER,
    inspect.IntType: Kind.INTEGER,
    inspect.BoolType: Kind.BOOLEAN,
    inspect.DateType: Kind.DATE,
    inspect.DateTimeType: Kind.DATETIME,
}


class CastFailed(Exception):
    """A text, or a constant of the mapping, is not of the kind that is wanted."""


def plain_type(kind: inspect.Type) -> inspect.Type:
    """A field's type without its description and without "or null"."""
    while isinstance(kind, (inspect.Metadata, inspect.UnionType)):
        inner = kind.type if isinstance(kind, inspect.Metadata) else _without_null(kind)
        kind = inner
    return kind


def _without_null(union: inspect.UnionType) -> inspect.Type:
    return next(kind for kind in union.types if not isinstance(kind, inspect.NoneType))


def kind_of(kind: inspect.Type) -> Kind:
    return _KINDS[type(kind)]


def cast_text(text: str, kind: Kind) -> Any:
    """A cell's text as text, number, integer or boolean. Dates need more: `dates.parse`."""
    return _CASTS[kind](text)


def _number(text: str) -> float | int:
    if not _NUMBER.fullmatch(text):
        raise CastFailed("not a number")
    value = int(text) if _WHOLE.fullmatch(text) and len(text) < 20 else float(text)
    if not abs(value) < float("inf"):
        raise CastFailed("too large a number")
    return value


def _integer(text: str) -> int:
    value = _number(text)
    if value != int(value):
        raise CastFailed("not a whole number")
    if abs(value) > _LARGEST_INTEGER:
        raise CastFailed("too large a number")
    return int(value)


def _boolean(text: str) -> bool:
    folded = text.casefold()
    if folded not in _TRUE | _FALSE:
        raise CastFailed("neither yes nor no")
    return folded in _TRUE


_CASTS = {Kind.TEXT: str, Kind.NUMBER: _number, Kind.INTEGER: _integer, Kind.BOOLEAN: _boolean}


def native(value: Any, kind: Kind) -> bool:
    """Whether YAML read a constant as this kind already."""
    if isinstance(value, bool):
        return kind is Kind.BOOLEAN
    types: dict[Kind, tuple[type, ...]] = {Kind.NUMBER: (int, float), Kind.INTEGER: (int,), Kind.TEXT: (str,)}
    if kind is Kind.DATETIME:
        return isinstance(value, datetime)
    if kind is Kind.DATE:
        return isinstance(value, date) and not isinstance(value, datetime)
    return isinstance(value, types.get(kind, ()))
