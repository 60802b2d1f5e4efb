"""Every rule of `schemas/vocabularies/rules.csv` for reading."""

from collections.abc import Iterable

from clinic_events.catalogue import EVENT_TYPES
from clinic_events.publishing.examples import Sort, example_paths
from clinic_events.publishing.markdown import code, link, table
from clinic_events.reasons import REASONS, DecidedIn, ReasonKind, Verdict

_COLUMNS = ("rule", "severity", "says", "why", "source", "endangers", "example")


def rule_blocks() -> dict[str, str]:
    """The tables of `docs/rules.md`."""
    beyond = [f"- {code(kind.code)}: {kind.title}" for kind in REASONS.values() if kind.beyond_schema]
    return {
        "beyond_schema": "\n".join(beyond),
        "refused_in_the_stream": _rules("stream", "refuse"),
        "flagged_in_the_stream": _rules("stream", "flag"),
        "refused_in_the_warehouse": _rules("warehouse", "refuse"),
        "flagged_in_the_warehouse": _rules("warehouse", "flag"),
    }


def _rules(place: DecidedIn, verdict: Verdict) -> str:
    chosen = (kind for kind in REASONS.values() if (kind.decided_in, kind.verdict) == (place, verdict))
    return table(_COLUMNS, map(_row, chosen))


def _row(kind: ReasonKind) -> tuple[str, ...]:
    endangers = ", ".join(kind.endangers)
    return code(kind.code), kind.severity, kind.title, kind.rationale, kind.source, endangers, _example(kind)


def _example(kind: ReasonKind) -> str:
    sort: Sort = "invalid" if kind.verdict == "refuse" else "flagged"
    return next((link("example", f"../{path}") for path in _examples_of(kind.code, sort)), "")


def _examples_of(reason: str, sort: Sort) -> Iterable[str]:
    """Those that break this rule alone first."""
    paths = [path for name in EVENT_TYPES for path in example_paths(name, sort) if reason in path.stem.split("+")]
    for path in sorted(paths, key=lambda path: path.stem.count("+")):
        yield "/".join(("schemas", "examples", *path.parts[-3:]))
