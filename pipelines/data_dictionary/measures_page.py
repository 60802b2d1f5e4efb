"""The measures for reading: what each counts over what, the statement that yields it, and what it is no answer to."""

from collections.abc import Iterable, Mapping

from clinic_events.publishing.markdown import code, link, table
from data_dictionary.measures import Measure
from data_dictionary.tables import Table

_COLUMNS = ("measure", "title", "unit", "may be divided by")


def measures_blocks(measures: Iterable[Measure], tables: Iterable[Table]) -> dict[str, str]:
    """The generated parts of `docs/measures.md`."""
    defined, by_name = list(measures), {each.name: each for each in tables}
    return {
        "index": table(_COLUMNS, map(_row, defined)),
        "measures": "\n\n".join(_section(each, by_name) for each in defined),
    }


def _row(measure: Measure) -> tuple[str, ...]:
    divisions = ", ".join(map(code, measure.divided_by))
    return link(code(measure.measure), f"#{measure.measure}"), measure.title, measure.unit, divisions


def _section(measure: Measure, tables: Mapping[str, Table]) -> str:
    of = tables[measure.mart]
    facts = [
        f"- Unit: {measure.unit}. One row for each {', '.join(map(code, measure.grain))}. Tier: {of.tier}.",
        *_counts(measure, of),
        f"- Not to be compared: {measure.not_to_compare}.",
        f"- Source of the definition: {measure.source}.",
        f"- Table: {link(code(measure.mart), f'dictionary/{of.area}.md#{measure.mart}')}.",
    ]
    statement = f"```sql\n{measure.statement()}\n```"
    return f"### {measure.measure}\n\n{measure.title}. {measure.meaning}\n\n" + "\n".join(facts) + f"\n\n{statement}"


def _counts(measure: Measure, of: Table) -> Iterable[str]:
    for name, column in (("Numerator", measure.numerator), ("Denominator", measure.denominator)):
        if column:
            yield f"- {name}: {code(column)}. {of.column(column).meaning}"
