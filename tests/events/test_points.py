"""A point is recognised in the ways in which clinics write it, and never guessed."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_events.points import canonical_point, point_facts
from clinic_events.vocabularies import vocabulary

POINTS = vocabulary("acupuncture_points")


@pytest.mark.parametrize("written", ["ST36", "ST-36", "St 36", "st36", " ST.36 ", "ST036"])
def test_separators_and_case_do_not_matter(written: str) -> None:
    assert canonical_point(written) == "ST36"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("HE7", "HT7"),
        ("UB60", "BL60"),
        ("SJ5", "TE5"),
        ("TB5", "TE5"),
        ("DU20", "GV20"),
        ("REN6", "CV6"),
        ("RN6", "CV6"),
        ("LV3", "LR3"),
        ("P6", "PC6"),
        ("K3", "KI3"),
        ("EX-HN3", "EX-HN3"),
        ("EX HN 3", "EX-HN3"),
        ("exhn3", "EX-HN3"),
    ],
)
def test_other_schools_letters_are_known(written: str, code: str) -> None:
    assert canonical_point(written) == code


@pytest.mark.parametrize("written", ["", "ST", "36", "ST0", "ST46", "LU12", "ZZ1", "ST 36 left", "ST3６", "EX-HN16"])
def test_what_is_no_point_is_not_guessed(written: str) -> None:
    assert canonical_point(written) is None


@given(st.text(max_size=12))
def test_an_answer_is_always_a_point_of_the_vocabulary(written: str) -> None:
    assert canonical_point(written) in {None, *POINTS}


def test_there_are_361_points_on_fourteen_meridians_and_48_extra_points() -> None:
    counts = Counter(row["meridian"] for row in POINTS.values())
    assert counts.pop("") == 48
    assert (len(counts), sum(counts.values())) == (14, 361)
    assert counts == Counter(
        LU=11, LI=20, ST=45, SP=21, HT=9, SI=19, BL=67, KI=27, PC=9, TE=23, GB=44, LR=14, GV=28, CV=24
    )


def test_the_governor_and_conception_vessels_lie_in_the_midline() -> None:
    assert {row["sides"] for row in POINTS.values() if row["meridian"] in ("GV", "CV")} == {"1"}


def test_a_point_brings_its_meridian_organ_and_region() -> None:
    assert point_facts("LU9") == {"point_code": "LU9", "meridian": "LU", "organ": "lung", "region": "arm"}
    assert point_facts("TE5")["organ"] is None
