"""A part of a schema document, with what its references and alternatives amount to."""

from dataclasses import dataclass

from clinic_events.json_schemas import Schema


@dataclass(frozen=True)
class Part:
    """A schema, and the document in which its references are at home."""

    schema: Schema
    root: Schema

    def options(self) -> list["Part"]:
        """The forms that it allows, each without a reference; what is said beside one holds for all."""
        beside = {key: self.schema[key] for key in self.schema if key not in ("$ref", "anyOf")}
        if "$ref" in self.schema:
            name = self.schema["$ref"].rsplit("/", 1)[1]
            return Part({**self.root["$defs"][name], **beside}, self.root).options()
        if "anyOf" in self.schema:
            forms = [Part({**option, **beside}, self.root) for option in self.schema["anyOf"]]
            return [form for part in forms for form in part.options()]
        return [self]

    def inner(self, keyword: str) -> "Part":
        return Part(self.schema.get(keyword, {}), self.root)

    def property(self, name: str) -> "Part":
        return Part(self.schema["properties"][name], self.root)
