"""What a contract says of one field beyond its type: its meaning, vocabulary, unit, plausible range, and an example.

Rules, JSON Schemas and the contract page all read it from here, so that none of them can say something else.
"""

from typing import Any

from msgspec import Meta

Number = int | float


def coded(vocabulary: str, description: str) -> Meta:
    """A code of `schemas/vocabularies/<vocabulary>.csv`. Another code is flagged, and kept as a mask."""
    return Meta(
        max_length=64,
        description=f"{description} Vocabulary `{vocabulary}`.",
        extra={"vocabulary": vocabulary},
        extra_json_schema={"x-vocabulary": vocabulary},
    )


def coded_or_mapped(vocabulary: str, description: str) -> Meta:
    """A code of a vocabulary, or one that it knows by another name (an ICD code of a condition)."""
    return Meta(max_length=64, description=description, extra_json_schema={"x-vocabulary": vocabulary})


def measured(unit: str, lowest: Number, highest: Number, description: str, example: Number) -> Meta:
    """A number in `unit` (UCUM). Outside of `lowest` to `highest` it is implausible: flagged, and kept.

    The ranges are wide on purpose: a value outside is worth a look, whoever sent it.
    """
    return Meta(
        description=description,
        examples=[example],
        extra={"plausible": (lowest, highest), "unit": unit},
        extra_json_schema={"x-unit": unit, "x-plausible": [lowest, highest]},
    )


def text(longest: int, description: str, example: str) -> Meta:
    """Not free text: a name or a number that somebody else keeps a register of. Longer ones are cut, and flagged."""
    return Meta(max_length=longest, description=description, examples=[example])


def said(description: str, example: Any = True) -> Meta:
    """Anything whose type says all else."""
    return Meta(description=description, examples=[example])
