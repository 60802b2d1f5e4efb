"""The audit's rules as Great Expectations' own. Importing this module imports Great Expectations: eight seconds."""

# pyright: reportPrivateImportUsage=false

from collections.abc import Iterator

import great_expectations.expectations as gxe

from warehouse_releases.mart_rule import MartRule

# A comparison with a missing side says nothing; a count of zero has no rate.
_MISSING = "either_value_is_missing"


def expectations_of(rule: MartRule) -> list[gxe.Expectation]:
    """What is expected of a frame that holds the whole mart."""
    return [*_key(rule), *_ranges(rule), *_comparisons(rule), *_words(rule)]


def expect_none_broken(invariants: list[str]) -> list[gxe.Expectation]:
    """What is expected of the one-row frame with a column for each invariant's count of what is broken."""
    return [gxe.ExpectColumnValuesToBeBetween(column=name, min_value=0, max_value=0) for name in invariants]


def _key(rule: MartRule) -> Iterator[gxe.Expectation]:
    if len(rule.key) > 1:
        yield gxe.ExpectCompoundColumnsToBeUnique(column_list=list(rule.key), ignore_row_if="never")
    for column in rule.key:
        yield gxe.ExpectColumnValuesToNotBeNull(column=column)


def _ranges(rule: MartRule) -> Iterator[gxe.Expectation]:
    for column in rule.counts:
        yield gxe.ExpectColumnValuesToBeBetween(column=column, min_value=0)
    for column in rule.shares:
        yield gxe.ExpectColumnValuesToBeBetween(column=column, min_value=0, max_value=1)


def _comparisons(rule: MartRule) -> Iterator[gxe.Expectation]:
    steps = [pair for low, value, high in rule.intervals for pair in ((low, value), (value, high))]
    for smaller, larger in (*steps, *rule.parts):
        yield gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A=larger, column_B=smaller, or_equal=True, ignore_row_if=_MISSING
        )


def _words(rule: MartRule) -> Iterator[gxe.Expectation]:
    for column, words in rule.words:
        yield gxe.ExpectColumnValuesToNotBeNull(column=column)
        yield gxe.ExpectColumnValuesToBeInSet(column=column, value_set=list(words))
