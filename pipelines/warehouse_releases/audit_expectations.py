"""The audit's rules as Great Expectations' own. Importing this module imports Great Expectations: eight seconds."""

# pyright: reportPrivateImportUsage=false

import great_expectations.expectations as gxe

BROKEN = "broken_rules"


def of_rows(key: tuple[str, ...]) -> list[gxe.Expectation]:
    """What is expected of a frame with the key of each row, and the names of the rules that it breaks.

    An expectation for each of some four hundred rules took most of a small release's time, and told no more.
    """
    first, *others = key
    unique = (
        gxe.ExpectCompoundColumnsToBeUnique(column_list=[first, *others], ignore_row_if="never")
        if others
        else gxe.ExpectColumnValuesToBeUnique(column=first)
    )
    return [unique, none_broken()]


def none_broken() -> gxe.Expectation:
    """What is expected of a frame in which each row names the rules that it breaks."""
    return gxe.ExpectColumnValuesToBeInSet(column=BROKEN, value_set=[""])
