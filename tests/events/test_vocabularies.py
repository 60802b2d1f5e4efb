"""The vocabularies are whole and refer to each other without a hole."""

import pytest

from clinic_events.plausibility import CODED
from clinic_events.resources import bundled
from clinic_events.vocabularies import codes, instrument_ranges, vocabulary

NAMES = sorted(path.stem for path in (bundled("schemas") / "vocabularies").glob("*.csv"))


@pytest.mark.parametrize("name", NAMES)
def test_codes_are_unique_and_fit_an_event(name: str) -> None:
    lines = (bundled("schemas") / "vocabularies" / f"{name}.csv").read_text().splitlines()
    assert len(vocabulary(name)) == len(lines) - 1
    assert all(0 < len(code) <= 64 and code == code.strip() for code in codes(name))


def test_every_coded_field_has_its_vocabulary() -> None:
    assert {name for fields in CODED.values() for name in fields.values()} <= set(NAMES)


def test_every_point_lies_on_a_known_meridian() -> None:
    assert {row["meridian"] for row in vocabulary("acupuncture_points").values()} - {""} == codes("meridians")


def test_every_instrument_has_a_range_a_direction_and_a_threshold_or_none() -> None:
    for code, row in vocabulary("outcome_instruments").items():
        lowest, highest = instrument_ranges()[code]
        assert lowest < highest and row["better"] in ("low", "high")
        assert (row["responder_rule"] == "none") == (row["responder_threshold"] == "") == (row["source"] == "")


def test_the_headache_instruments_have_the_thresholds_set_beforehand() -> None:
    instruments = vocabulary("outcome_instruments")
    assert instruments["headache_severity_score"]["responder_threshold"] == "0.35"
    assert instruments["headache_days"]["responder_threshold"] == "0.5"
