"""Leaks of twelve kinds, each planted in locks that are clean without it: the auditor finds every one.

A plant is what a mart could well do: every figure in it is true, and each looks harmless alone.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from disclosure_control.auditor import audit_locks
from disclosure_control.declarations import Declaration, declare
from disclosure_control.holding import OpenTable, first_table
from disclosure_control.locks import SHOWN, SUPPRESSED, Lock, Row, Table
from safety_statistics.rates import poisson_interval

CLOSED = date(2026, 7, 1)
Facts = Mapping[str, Any]
Hidden = Mapping[str, set[str]]


def declared(table: str, dimensions: list[str], measures: dict[str, Any], **more: Any) -> Declaration:
    behind = {"clinics": "clinics", "largest_clinic_share": "largest_clinic_share"}
    return declare(
        table, {"tier": "analyst", "dimensions": dimensions, "patients": "n", **behind, "measures": measures, **more}
    )


def count(patients: str = "n", **more: Any) -> dict[str, Any]:
    return {"kind": "count", "patients": patients, **more}


def derived(*of: str, **more: Any) -> dict[str, Any]:
    return {"kind": "derived", "of": list(of), **more}


def facts(**columns: Any) -> dict[str, Any]:
    return {"clinics": 5, "largest_clinic_share": 0.3, **columns}


def shown(declaration: Declaration, rows: list[dict[str, Any]], hidden: Hidden, period: str = "first") -> Table:
    """A table that shows everything but what `hidden` names, by a row's only dimension."""
    table = first_table(period, CLOSED, OpenTable(declaration, rows))
    return Table(declaration, {key: _as_shown(row, hidden.get("".join(key), set())) for key, row in table.rows.items()})


def _as_shown(row: Row, hidden: set[str]) -> Row:
    status = {name: SUPPRESSED if name in hidden else SHOWN for name in row.truth}
    return replace(row, status=status, published={n: v if status[n] == SHOWN else None for n, v in row.truth.items()})


def lock(*tables: Table, period: str = "first") -> Lock:
    return Lock(period, {table.declaration.table: table for table in tables})


def leaks(*locks: Lock) -> list[str]:
    return [leak.name for leak in audit_locks(locks)]


PARTS = declared("parts", ["clinic_id"], {"sessions": count()}, margins={"sessions": "all"})
WHOLE = declared("whole", [], {"sessions": count()}, margins={"sessions": "all"})
SESSIONS = {"a": 40, "b": 7, "c": 12}
TOTAL = [facts(sessions=59, n=59)]


def parts(hidden: Hidden, counts: Mapping[str, int] = SESSIONS, period: str = "first") -> Table:
    rows = [facts(clinic_id=clinic, sessions=n, n=n) for clinic, n in counts.items()]
    return shown(PARTS, rows, hidden, period)


def test_a_margin_minus_its_parts() -> None:
    whole = shown(WHOLE, TOTAL, {})
    assert leaks(lock(parts({"b": {"sessions"}}), whole)) == ["parts.sessions (b) at first"]
    assert leaks(lock(parts({"b": {"sessions"}, "c": {"sessions"}}), whole)) == []


RATED = declared(
    "rated", ["term"],
    {"sessions": count(), "events": count("ill"), "rate": derived("events", "sessions", form="ratio", per=1000)},
)  # fmt: skip
RATES = [facts(term="x", sessions=400, n=90, events=6, ill=5, rate=15.0)]


def test_a_rate_and_its_denominator() -> None:
    assert leaks(lock(shown(RATED, RATES, {"x": {"events"}}))) == ["rated.events (x) at first"]
    assert leaks(lock(shown(RATED, RATES, {"x": {"events", "rate"}}))) == []


def test_two_tables_that_share_a_cell() -> None:
    other = declared("other", ["clinic_id"], {"held": count()}, margins={"held": "all"})
    rows = [facts(clinic_id=clinic, held=n, n=n) for clinic, n in SESSIONS.items()]
    ours = parts({"b": {"sessions"}, "c": {"sessions"}})
    assert leaks(lock(ours, shown(other, rows, {"c": {"held"}}))) == [
        "other.held (b) at first",
        "parts.sessions (b) at first",
    ]
    assert leaks(lock(ours, shown(other, rows, {"b": {"held"}, "c": {"held"}}))) == []


def test_a_difference_between_two_locks() -> None:
    """From the first lock to the second one clinic gains 12 patients and another 1."""
    first = lock(parts({}, {"a": 40, "b": 30}), shown(WHOLE, [facts(sessions=70, n=70)], {}))
    later = {"a": 52, "b": 31}
    moved = parts({}, later, "second")
    kept = replace(moved.rows[("b",)], since="first", published={"sessions": 30.0})
    second = lock(
        Table(PARTS, {**moved.rows, ("b",): kept}),
        shown(WHOLE, [facts(sessions=83, n=83)], {}, "second"),
        period="second",
    )
    assert leaks(first, second) == ["the change of parts.sessions (b) at second"]
    both = {key: replace(row, since="first") for key, row in moved.rows.items()}
    assert leaks(first, replace(second, tables={**second.tables, "parts": Table(PARTS, both)})) == []


def test_a_difference_between_two_locks_with_another_between_them() -> None:
    """Each step is large, and the last comes near to the first."""
    locks = [
        lock(parts({}, {"a": patients, "b": 30}, period), period=period)
        for period, patients in (("first", 40), ("second", 60), ("third", 43))
    ]
    assert leaks(*locks[:2]) == [] and leaks(*locks[1:]) == []
    assert leaks(*locks) == ["the change of parts.sessions (a) at third"]


RESPONSE = declared(
    "response", ["instrument"],
    {"n": count("n"), "responders": count("responders"), "share": derived("responders", "n", form="ratio")},
)  # fmt: skip


def test_a_complement() -> None:
    rows = [facts(instrument="nrs", n=60, responders=57, share=0.95)]
    everything, nothing = shown(RESPONSE, rows, {}), shown(RESPONSE, rows, {"nrs": {"responders", "share"}})
    assert "what response.responders (nrs) at first leaves of n" in leaks(lock(everything))
    assert leaks(lock(nothing)) == []


def test_a_responder_share_and_its_number() -> None:
    rows = [facts(instrument="nrs", n=60, responders=6, share=0.1)]
    assert leaks(lock(shown(RESPONSE, rows, {"nrs": {"responders"}}))) == ["response.responders (nrs) at first"]
    assert leaks(lock(shown(RESPONSE, rows, {"nrs": {"responders", "share"}}))) == []


def test_a_mean_and_its_sum() -> None:
    measures = {"n": count("n"), "needles": count("n"), "mean": derived("needles", "n", form="ratio")}
    table, rows = declared("means", ["point"], measures), [facts(point="LI4", n=8, needles=100, mean=12.5)]
    assert leaks(lock(shown(table, rows, {"LI4": {"n"}}))) == ["means.n (LI4) at first", "means.needles (LI4) at first"]
    assert leaks(lock(shown(table, rows, {"LI4": {"n", "needles", "mean"}}))) == []


def test_a_rank_that_tells_an_order_of_counts() -> None:
    table = declared("ranked", ["point"], {"used": count(), "rank": derived("used", form="rank")})
    rows = [facts(point=point, used=n, n=n, rank=place + 1) for place, (point, n) in enumerate(
        {"LI4": 40, "ST36": 32, "SP6": 30, "PC6": 29, "GB20": 8}.items())]  # fmt: skip
    ours = shown(table, rows, {"SP6": {"used", "rank"}, "GB20": {"used", "rank"}})
    assert leaks(lock(ours)) == ["ranked.used (SP6) at first"]
    tail = {point: {"rank"} for point in ("PC6",)}
    assert leaks(lock(shown(table, rows, {"SP6": {"used", "rank"}, "GB20": {"used", "rank"}, **tail}))) == []


def test_a_rounded_percentage() -> None:
    measures = {"n": count(), "women": count("women"),
                "percentage": derived("women", "n", form="ratio", per=100, decimals=0)}  # fmt: skip
    table, rows = declared("rounded", ["site"], measures), [facts(site="x", n=80, women=9, percentage=11)]
    assert leaks(lock(shown(table, rows, {"x": {"women"}}))) == ["rounded.women (x) at first"]
    coarse = declared("rounded", ["site"], {**measures, "percentage": {**measures["percentage"], "decimals": -1}})
    assert leaks(lock(shown(coarse, [{**rows[0], "percentage": 10}], {"x": {"women"}}))) == []


def test_an_interval_that_is_the_intervals_of_one_count() -> None:
    limit = 1000 * float(poisson_interval(6)[1]) / 400
    measures = {"sessions": count(), "events": count("ill"),
                "high": derived("events", "sessions", form="poisson_high", per=1000)}  # fmt: skip
    rows = [facts(term="x", sessions=400, n=90, events=6, ill=5, high=limit)]
    table = declared("limits", ["term"], measures)
    assert leaks(lock(shown(table, rows, {"x": {"events"}}))) == ["limits.events (x) at first"]
    assert leaks(lock(shown(table, rows, {"x": {"events", "high"}}))) == []


def test_the_share_of_the_largest_clinic() -> None:
    whole = declared("whole", [], {"sessions": count(), "share": derived("sessions", form="largest_clinic")},
                     margins={"sessions": "all"})  # fmt: skip
    total, counts = [facts(sessions=59, n=59, share=40 / 59)], {"a": 40, "b": 12, "c": 7}
    everything_hidden = parts({clinic: {"sessions"} for clinic in counts}, counts)
    assert leaks(lock(everything_hidden, shown(whole, total, {}))) == ["parts.sessions (a) at first"]
    assert leaks(lock(everything_hidden, Table(whole, {(): _as_shown(
        first_table("first", CLOSED, OpenTable(whole, total)).rows[()], {"share"})}))) == []  # fmt: skip


def test_a_figure_of_no_declared_form_is_taken_to_tell_all() -> None:
    table = declared("odd", ["term"], {"events": count(), "index": derived("events")})
    rows = [facts(term="x", events=5, n=5, index=0.77)]
    assert leaks(lock(shown(table, rows, {"x": {"events"}}))) == ["odd.events (x) at first"]


@pytest.mark.parametrize("n, found", [(10, ["parts.sessions (a) at first"]), (11, [])])
def test_a_cell_that_is_shown_though_it_is_too_small(n: int, found: list[str]) -> None:
    assert leaks(lock(parts({}, {"a": n}))) == found
