"""Coverage, bias and width of the intervals that the marts give, on populations whose truth is known."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from clinic_events.publishing.markdown import code, filled, table
from simulated_network.coverage_study.estimands import Estimand
from simulated_network.coverage_study.study import chosen, study

SEEDS = 4_000
BLOCK = "coverage"


def bench_coverage(seeds: int, estimands: Sequence[str], tell: Callable[[str], None]) -> dict[str, Any]:
    """One record an estimand; `bias` is None where the interval has no estimate. ValueError if one is unknown."""
    asked = chosen(estimands)
    records = []
    for number, estimand in enumerate(asked, 1):
        tell(f"{number} of {len(asked)}: {estimand.name}")
        records.append(_measured(estimand, seeds))
    return {"seeds": seeds, "estimands": records}


def page_writer(page: Path) -> Callable[[dict[str, Any]], None]:
    """Writes the table between the marks of a page; the rest of it stays. That it can be read and has the marks is
    found out at once: OSError or ValueError."""
    filled(page.read_text(), {BLOCK: ""})
    return lambda measured: _write(page, measured)


def _write(page: Path, measured: dict[str, Any]) -> None:
    page.write_text(filled(page.read_text(), {BLOCK: _block(measured)}))


def _measured(estimand: Estimand, seeds: int) -> dict[str, Any]:
    found = study(estimand, seeds)
    return {
        "estimand": estimand.name,
        "measure": estimand.measure,
        "population": estimand.population,
        "interval": estimand.interval,
        "truth": estimand.truth,
        "coverage": found.coverage,
        "bias": found.bias,
        "width": found.width,
        "relative_width": found.relative_width,
        "expected": estimand.expected,
        "verdict": found.verdict,
    }


def _block(measured: dict[str, Any]) -> str:
    header = ["estimand", "measure", "population", "interval", "truth", "coverage %", "bias", "width",
              "over the oracle's", "expected", "found"]  # fmt: skip
    return f"{measured['seeds']:,} seeds.\n\n" + table(header, map(_cells, measured["estimands"]))


def _cells(record: dict[str, Any]) -> list[str]:
    bias = "none" if record["bias"] is None else f"{record['bias']:.2g}"
    return [
        code(record["estimand"]),
        *(record[name] for name in ("measure", "population", "interval")),
        f"{record['truth']:.4g}",
        f"{100 * record['coverage']:.1f}",
        bias,
        f"{record['width']:.3g}",
        f"{record['relative_width']:.2f}",
        record["expected"],
        record["verdict"],
    ]
