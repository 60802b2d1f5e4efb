"""What a field's type is called, for a reader who does not know JSON Schema."""

from clinic_events.json_schemas import Schema

_WORDS = {"integer": "whole number", "number": "number", "boolean": "true or false", "object": "object"}
_FORMATS = {"date-time": "time with offset", "date": "day"}


def kind_in_words(part: Schema, schema: Schema) -> str:
    if "items" in part:
        one, *more = kind_in_words(part["items"], schema).split(",", 1)
        return ",".join([f"list of {one}s", *more])
    part = target(part, schema)
    if "x-vocabulary" in part:
        return "code"
    if "const" in part:
        return f"`{part['const']}`"
    if part.get("type") == "string":
        return _FORMATS.get(part.get("format", "")) or _text(part)
    return _WORDS[part["type"]]


def _text(part: Schema) -> str:
    """An identifier has a least length, and is never cut; other texts are."""
    longest = part.get("maxLength")
    if "minLength" in part:
        return f"identifier, {part['minLength']} to {longest} characters"
    return f"text, at most {longest} characters" if longest else "text"


def target(part: Schema, schema: Schema) -> Schema:
    """What a reference means; what is said beside it wins."""
    if "$ref" not in part:
        return part
    return {**schema["$defs"][part["$ref"].rsplit("/", 1)[1]], **{k: v for k, v in part.items() if k != "$ref"}}
