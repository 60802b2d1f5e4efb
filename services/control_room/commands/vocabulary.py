"""`meridian vocabulary`: find a code."""

from typing import Any

from cyclopts import App


def register(app: App) -> None:
    group = App(name="vocabulary", help="Find the codes that events are written in.")
    group.command(lookup)
    group.command(list_known, name="list")
    app.command(group)


def lookup(kind: str, text: str, /, *, json: bool = False) -> int:
    """Find the code for a name. Exit 1 when there is none, or more than one.

    Parameters
    ----------
    kind
        point, condition, term, pattern, instrument, or the name of a vocabulary.
    text
        What is looked for: a code, a name (for points also pinyin and characters), an ICD code, a part of a title.
    json
        Answer as JSON.
    """
    from clinic_events.lookup import look_up
    from control_room.answers import answer_json, say

    found = look_up(kind, text)
    if json:
        answer_json(found)
    else:
        for line in _lines(found):
            say(line)
    return 0 if found["code"] else 1


def list_known(*, json: bool = False) -> None:
    """List the vocabularies with their version, source and licence.

    Parameters
    ----------
    json
        Answer as JSON.
    """
    from clinic_events.vocabularies import vocabulary_rows
    from control_room.answers import answer_json, answer_records

    rows = vocabulary_rows("vocabularies")
    answer_json(rows) if json else answer_records(
        [{name: row[name] for name in ("vocabulary", "version", "source")} for row in rows]
    )


def _lines(found: dict[str, Any]) -> list[str]:
    if found["code"]:
        row = found["matches"][0]
        risks = [f"{'risk':<22} {risk['title']}: {risk['evidence']}" for risk in row.pop("risks", [])]
        return [f"{column:<22} {value}" for column, value in row.items() if value] + risks
    if found["candidates"]:
        titles = [row.get("title") or row.get("pinyin", "") for row in found["matches"]]
        named = zip(found["candidates"], titles, strict=True)
        return [f"{found['text']} may be:", *(f"  {code:<20} {title}" for code, title in named)]
    return [f"nothing in {found['vocabulary']} is called {found['text']}"]
