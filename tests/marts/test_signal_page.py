"""docs/signals.md explains every signal, with the thresholds that are in force."""

import csv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "signals.md").read_text()
CRITERIA = list(csv.DictReader((ROOT / "dbt" / "seeds" / "signal_criteria.csv").open(newline="")))


@pytest.mark.parametrize("criterion", CRITERIA, ids=lambda criterion: criterion["signal"])
def test_the_page_states_the_thresholds_of_a_signal(criterion: dict[str, str]) -> None:
    (line,) = [line for line in PAGE.splitlines() if line.startswith(f"| `{criterion['signal']}` |")]
    named = ("minimum_expected", "minimum_observed", "minimum_days")
    assert all(criterion[name] in line for name in named if criterion[name])
    is_share = criterion["signal"] == "resent_history"
    assert (f"{float(criterion['threshold']):.0%}".replace("%", " %") if is_share else criterion["threshold"]) in line
