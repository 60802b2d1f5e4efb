"""`meridian measure`: the figures that people ask for, each defined once."""

from typing import TYPE_CHECKING, Any

from cyclopts import App

from control_room.commands.warehouse import Tier

if TYPE_CHECKING:
    from data_dictionary.measures import Measure


def register(app: App) -> None:
    app.command(measure)


def measure(
    name: str | None = None,
    /,
    *,
    by: str | None = None,
    tier: Tier = "analyst",
    lock: str | None = None,
    statement: bool = False,
    json: bool = False,
) -> None:
    """Answer one of the measures of docs/measures.md from the current release; without a name, list them.

    Parameters
    ----------
    name
        The measure.
    by
        What to divide it by; the list says what each may be divided by.
    tier
        Which of the release's two files to read.
    lock
        Read what analysts were shown at this data lock, such as 2026-W47.
    statement
        Print the query that yields it, and ask nothing: for any other tool.
    json
        Answer as JSON.
    """
    from control_room.answers import say
    from data_dictionary.measures import find_measure

    if name is None:
        _list(json)
        return
    wanted = find_measure(name)
    query = wanted.statement(by, tier)
    if statement:
        say(query)
    else:
        _answer(wanted, query, tier, lock, json)


def _list(json: bool) -> None:
    from control_room.answers import answer_json, answer_records
    from data_dictionary.measures import read_measures

    measures = read_measures().values()
    if json:
        answer_json([each.as_json() for each in measures])
    else:
        answer_records([_in_short(each) for each in measures])


def _in_short(each: "Measure") -> dict[str, Any]:
    return {"measure": each.measure, "title": each.title, "unit": each.unit, "by": " ".join(each.divided_by)}


def _answer(wanted: "Measure", query: str, tier: Tier, lock: str | None, json: bool) -> None:
    from control_room.answers import answer_json, answer_records, say
    from control_room.homes import present_home
    from warehouse_releases.readers import query_cited

    home, _ = present_home()
    rows, citation = query_cited(home, query, tier, lock)
    if json:
        answer_json({**wanted.as_json(), "statement": query, "citation": citation.as_json(), "rows": rows})
        return
    say(f"{wanted.title}, {wanted.unit}. {wanted.meaning}")
    answer_records(rows)
    say(f"Not to be compared: {wanted.not_to_compare}.")
    say(citation.line())
