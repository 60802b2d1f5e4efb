"""Every vocabulary for reading: what it is, where it comes from, how many codes it has, and which fields use it."""

from collections import defaultdict

from clinic_events.catalogue import EVENT_TYPES
from clinic_events.publishing.contract_fields import data_fields
from clinic_events.publishing.event_schemas import published_schema
from clinic_events.publishing.markdown import code, link, table
from clinic_events.vocabularies import vocabulary_rows

_COLUMNS = ("vocabulary", "title", "version", "codes", "source", "licence note", "used by")


def vocabulary_blocks() -> dict[str, str]:
    """The table of `docs/vocabularies.md`."""
    users = _users()
    return {"vocabularies": table(_COLUMNS, (_row(row, users) for row in vocabulary_rows("vocabularies")))}


def _row(row: dict[str, str], users: dict[str, set[str]]) -> tuple[str, ...]:
    name = row["vocabulary"]
    in_force = sum(not each.get("valid_until") for each in vocabulary_rows(name))
    retired = len(vocabulary_rows(name)) - in_force
    return (
        link(name, f"../schemas/vocabularies/{name}.csv"),
        row["title"],
        row["version"],
        f"{in_force}" + (f" and {retired} retired" if retired else ""),
        row["source"],
        row["licence_note"],
        ", ".join(map(code, sorted(users[name]))),
    )


def _users() -> dict[str, set[str]]:
    """By vocabulary, the types of event that have a field of it."""
    users: dict[str, set[str]] = defaultdict(set)
    for kind in EVENT_TYPES.values():
        for field in data_fields(published_schema(kind)):
            if field.vocabulary:
                users[field.vocabulary].add(kind.name)
    return users
