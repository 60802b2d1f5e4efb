"""Broken rules: which are shown, in which order and in which words."""

from clinic_events.reasons import REASONS
from quality_dashboard.facts import RuleFact
from quality_dashboard.rules_view import broken, rule_rows, rules_line


def rule(code: str, severity: str = "major", events: int = 1, clinics: tuple[str, ...] = ("alder",), judged=None):
    decided_in = "stream" if judged is None else "warehouse"
    return RuleFact(code, decided_in, severity, clinics, events, judged)


def test_only_broken_rules_are_shown_the_severe_first_and_then_those_that_most_events_broke():
    rules = (
        rule("out_of_range", events=3),
        rule("licence_not_valid", "critical", events=1, judged=9),
        rule("unknown_code", "minor", events=900),
        rule("future_dated", events=30),
        rule("onset_before_session", events=0, clinics=(), judged=40),
    )
    assert [found.code for found in broken(rules)] == [
        "licence_not_valid", "future_dated", "out_of_range", "unknown_code"
    ]  # fmt: skip
    assert [row.level for row in rule_rows(rules)] == ["bad", "warn", "warn", "idle"]


def test_a_rule_has_the_registrys_title_rationale_source_and_marts():
    (row,) = rule_rows((rule("licence_not_valid", "critical", 317, judged=26_711),))
    known = REASONS["licence_not_valid"]
    assert (row.title, row.why, row.source) == (known.title, known.rationale, known.source)
    assert row.endangers == known.endangers == ("mart_safety_by_clinic",)


def test_a_rule_of_the_warehouse_says_of_how_many_events_and_one_of_the_stream_does_not():
    of_the_warehouse, of_the_stream = rule_rows((rule("session_unknown", events=317, judged=26_711), rule("too_long")))
    assert (of_the_warehouse.decided_in, of_the_warehouse.events) == ("warehouse", "317")
    assert of_the_warehouse.share == "1.2 % of 26,711"
    assert (of_the_stream.decided_in, of_the_stream.share) == ("stream", "")


def test_the_clinics_with_most_events_are_named_and_the_others_counted():
    few, many = rule_rows((rule("too_long", events=2), rule("out_of_range", clinics=("a", "b", "c", "d", "e"))))
    assert (few.clinics, few.clinic_names) == ("1", "alder")
    assert (many.clinics, many.clinic_names) == ("5", "a, b, c and 2 more")


def test_a_rule_of_another_version_is_shown_without_words_of_its_own():
    (row,) = rule_rows((rule("a_rule_of_tomorrow"),))
    assert (row.title, row.why, row.endangers) == ("a rule of tomorrow", "", ())


def test_it_is_said_how_many_rules_are_broken_or_that_none_is():
    assert rules_line((rule("too_long"),)) == "1 rule broken, none of them critical."
    assert rules_line((rule("too_long"), rule("deep_over_lung", "critical"))) == "2 rules broken, 1 of them critical."
    assert rules_line((rule("too_long", events=0, judged=3),)) == "No accepted event of this release broke a rule."
