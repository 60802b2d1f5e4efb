"""The vocabularies are whole, say where they come from, and refer to each other without a hole."""

import re
from datetime import date
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import pytest

from clinic_events.catalogue import EVENT_TYPES
from clinic_events.envelope import Record
from clinic_events.resources import bundled
from clinic_events.vocabularies import codes, current_codes, last_day, ranges, vocabulary, vocabulary_rows

FOLDER = bundled("schemas") / "vocabularies"
# Two are about the vocabularies themselves.
NAMES = sorted({path.stem for path in FOLDER.glob("*.csv")} - {"vocabularies", "rules"})
DOMAINS = {"pain", "stress", "sleep", "energy", "relaxation", "mental_clarity", "emotional_balance", "immunity",
           "well_being", "quality_of_life"}  # fmt: skip
GROUPS = {"chronic_pain", "musculoskeletal", "digestive", "respiratory", "mental_health", "preventive", "other"}


def named_in(hint: Any) -> set[str]:
    """The vocabularies that a contract names, in all its parts."""
    if isinstance(hint, type) and issubclass(hint, Record):
        return set().union(*(named_in(inner) for inner in get_type_hints(hint, include_extras=True).values()))
    if get_origin(hint) is Annotated:
        metas = [meta.extra_json_schema or {} for meta in hint.__metadata__]
        return {meta["x-vocabulary"] for meta in metas if "x-vocabulary" in meta} | named_in(get_args(hint)[0])
    return set().union(*(named_in(inner) for inner in get_args(hint)), set())


@pytest.mark.parametrize("name", NAMES)
def test_codes_are_unique_and_fit_an_event(name: str) -> None:
    if name == "point_aliases":
        return  # an alias may stand for several points
    assert len(vocabulary(name)) == len(vocabulary_rows(name))
    assert all(0 < len(code) <= 64 and code == code.strip() for code in codes(name))


@pytest.mark.parametrize("name", NAMES)
def test_every_row_says_from_when_to_when_it_holds(name: str) -> None:
    for row in vocabulary_rows(name):
        since, until = (
            date.fromisoformat(row["valid_from"]),
            row["valid_until"] and date.fromisoformat(row["valid_until"]),
        )
        assert not until or since <= until
        assert not row.get("replaced_by") or row["replaced_by"] in codes(name)


def test_every_vocabulary_states_version_source_and_licence() -> None:
    catalogue = vocabulary_rows("vocabularies")
    assert sorted(row["vocabulary"] for row in catalogue) == NAMES
    assert all(row["title"] and row["version"] and row["source"] and row["licence_note"] for row in catalogue)


def test_every_coded_field_has_its_vocabulary() -> None:
    named = set().union(*(named_in(kind.data) for kind in EVENT_TYPES.values()))
    assert named <= set(NAMES) and len(named) > 50


def test_every_point_lies_on_a_known_meridian_and_carries_known_risks() -> None:
    points = vocabulary("acupuncture_points").values()
    assert {row["meridian"] for row in points} - {""} == codes("meridians")
    flags = {flag for row in points for flag in row["risk_flags"].split(";")} - {""}
    assert flags == codes("point_risks")
    assert all(bool(row["risk_flags"]) == bool(row["risk_source"]) for row in points)
    assert {row["region"] for row in points} <= codes("body_regions")


def test_every_alias_stands_for_a_point() -> None:
    assert {row["code"] for row in vocabulary_rows("point_aliases")} <= codes("acupuncture_points")


def test_every_instrument_has_a_range_a_direction_and_a_threshold_or_none() -> None:
    for code, row in vocabulary("outcome_instruments").items():
        lowest, highest = ranges("outcome_instruments")[code]
        assert lowest < highest and row["better"] in ("low", "high")
        assert (row["responder_rule"] == "none") == (row["responder_threshold"] == "")
        assert bool(row["smallest_important_change"]) == bool(row["change_source"])
        assert row["licence"]


def test_every_domain_of_well_being_has_an_instrument() -> None:
    assert {row["domain"] for row in vocabulary("outcome_instruments").values()} >= DOMAINS


def test_the_headache_instruments_have_the_thresholds_set_beforehand() -> None:
    instruments = vocabulary("outcome_instruments")
    assert instruments["headache_severity_score"]["responder_threshold"] == "0.35"
    assert instruments["headache_days"]["responder_threshold"] == "0.5"


def test_conditions_cover_the_groups_and_no_icd_code_stands_for_two() -> None:
    rows = vocabulary("conditions").values()
    assert {row["group"] for row in rows} == GROUPS
    for system in ("icd11", "icd10"):
        given = [row[system] for row in rows if row[system]]
        assert len(given) == len(set(given)) > 15


def test_icd_11_codes_look_like_icd_11_codes() -> None:
    pattern = re.compile(r"[0-9A-Z][A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,2})?")
    given = [row["icd11"] for row in vocabulary("conditions").values()] + list(codes("tcm_patterns"))
    assert all(pattern.fullmatch(code) for code in given if code)


def test_severities_are_the_five_grades() -> None:
    assert [row["ctcae_grade"] for row in vocabulary("severities").values()] == ["1", "2", "3", "4", "5"]


def test_a_code_that_is_no_longer_in_force_is_kept_and_known_as_such() -> None:
    retired = {name: codes(name) - current_codes(name) for name in NAMES if name != "point_aliases"}
    assert any(retired.values())
    assert all(last_day(name, code) is not None for name, gone in retired.items() for code in gone)
