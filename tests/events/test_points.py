"""A point is recognised in the ways in which clinics write it, and never guessed."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_events.points import canonical_point, point_facts, recognised
from clinic_events.vocabularies import vocabulary

POINTS = vocabulary("acupuncture_points")


@pytest.mark.parametrize(
    "written", ["ST36", "ST-36", "St 36", "st36", " ST.36 ", "ST036", "ST_36", "ＳＴ３６", "ZUSANLI", "Zusanli",
                "ST–36", "ST-36.", "S.T.36", "ST36 Zusanli", "ST36 (足三里)", "足三里穴",
                "zu2 san1 li3", "zu san li", "Zu-San-Li", "Zúsānlǐ", "zú sān lǐ", "足三里"]
)  # fmt: skip
def test_code_pinyin_and_characters_are_one_point(written: str) -> None:
    assert canonical_point(written) == "ST36"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("HE7", "HT7"), ("H7", "HT7"), ("UB60", "BL60"), ("B60", "BL60"), ("SJ5", "TE5"), ("TB5", "TE5"),
        ("TW5", "TE5"), ("DU20", "GV20"), ("REN6", "CV6"), ("RN6", "CV6"), ("LV3", "LR3"), ("Liv 3", "LR3"),
        ("P6", "PC6"), ("K3", "KI3"),
        ("EX-HN3", "EX-HN3"), ("EX HN 3", "EX-HN3"), ("exhn3", "EX-HN3"), ("Yintang", "EX-HN3"), ("印堂", "EX-HN3"),
    ],
)  # fmt: skip
def test_other_schools_letters_are_known(written: str, code: str) -> None:
    assert canonical_point(written) == code


def test_every_point_is_found_by_its_code_its_toned_name_and_both_ways_of_writing_it() -> None:
    for code, row in POINTS.items():
        for written in (code, row["pinyin"], row["chinese"], row["chinese_traditional"]):
            known = recognised[written]
            assert code == known.code or code in known.candidates, written


@pytest.mark.parametrize(
    ("written", "candidates"),
    [
        ("Sanli", ("LI10", "ST36")),
        ("Linqi", ("GB15", "GB41")),
        ("Tonggu", ("BL66", "KI20")),
        ("Yangguan", ("GB33", "GV3")),
        ("Qiaoyin", ("GB11", "GB44")),
        ("juliao", ("GB29", "ST3")),
    ],
)
def test_an_ambiguous_name_lists_its_candidates_and_is_none_of_them(written: str, candidates: tuple[str, ...]) -> None:
    known = recognised[written]
    assert (known.code, known.candidates) == (None, candidates)


def test_tones_tell_apart_what_their_absence_does_not() -> None:
    assert (canonical_point("Jūliáo"), canonical_point("Jùliáo")) == ("GB29", "ST3")


def test_a_code_of_another_nomenclature_is_mapped_and_known_as_such() -> None:
    known = recognised["GV29"]
    assert (known.code, known.is_other_version) == ("EX-HN3", True)
    assert not recognised["EX-HN3"].is_other_version


@pytest.mark.parametrize(
    "written", ["ST36 Hegu", "ST3⁶", "Th5", "C7", "", "ST", "36", "ST0", "ST46", "LU12", "ZZ1", "ST 36 left",
                "EX-HN16", "GV30", "zusan", "Zusanlii",
                "里", "ashi"]
)  # fmt: skip
def test_what_is_no_point_is_not_guessed(written: str) -> None:
    assert canonical_point(written) is None


@given(st.text(max_size=12))
def test_an_answer_is_always_a_point_of_the_vocabulary(written: str) -> None:
    known = recognised[written]
    assert {known.code, *known.candidates} <= {None, *POINTS}
    assert known.code is None or known.candidates == ()


def test_there_are_361_points_on_fourteen_meridians_and_48_extra_points() -> None:
    counts = Counter(row["meridian"] for row in POINTS.values())
    assert counts.pop("") == 48
    assert (len(counts), sum(counts.values())) == (14, 361)
    assert counts == Counter(
        LU=11, LI=20, ST=45, SP=21, HT=9, SI=19, BL=67, KI=27, PC=9, TE=23, GB=44, LR=14, GV=28, CV=24
    )


def test_the_governor_and_conception_vessels_lie_in_the_midline() -> None:
    assert {row["sides"] for row in POINTS.values() if row["meridian"] in ("GV", "CV")} == {"1"}


def test_some_codes_stand_for_more_than_one_needle() -> None:
    several = {code: int(row["needles_per_code"]) for code, row in POINTS.items() if row["needles_per_code"] != "1"}
    assert several == {"EX-HN1": 4, "EX-B2": 17, "EX-UE2": 2, "EX-UE7": 2, "EX-UE9": 4, "EX-UE10": 4, "EX-UE11": 5,
                       "EX-LE1": 2, "EX-LE5": 2, "EX-LE10": 4, "EX-LE12": 5}  # fmt: skip


def test_the_toneless_name_is_the_toned_one_without_its_tones() -> None:
    assert all(row["pinyin_plain"].isascii() and row["pinyin_plain"].isalpha() for row in POINTS.values())


def test_a_point_brings_its_meridian_organ_and_region() -> None:
    assert point_facts("LU9") == {"point_code": "LU9", "meridian": "LU", "organ": "lung", "region": "arm"}
    assert point_facts("TE5")["organ"] is None


@pytest.mark.parametrize("code", ["GB21", "LU1", "ST13", "BL13", "KI25", "SI14"])
def test_a_needle_over_the_lung_has_a_depth_to_stay_above(code: str) -> None:
    assert recognised[code].deepest_mm <= 25


@pytest.mark.parametrize("written", ["ashi", "Ashi", "a-shi", "ashi point", "阿是穴"])
def test_a_tender_spot_is_known_as_one(written: str) -> None:
    assert recognised[written].is_ashi


@pytest.mark.parametrize("side", ["left", "right", "midline", None])
def test_of_several_points_under_one_code_some_lie_beside_the_midline(side: str | None) -> None:
    assert side in recognised["EX-HN1"].sides


def test_a_needle_in_the_leg_has_none() -> None:
    assert recognised["ST36"].deepest_mm == float("inf")
