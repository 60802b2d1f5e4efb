"""What must be true of every row of a mart. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

INTERVAL = ("ci_low", "rate_per_1000", "ci_high")


@dataclass(frozen=True)
class MartRule:
    """`key` names each row once and is never NULL; `counts` are not negative; `shares` lie in 0 to 1.

    `intervals` are (low, value, high) where the value lies in its interval; `parts` are (part, whole), the part never
    larger; `words` are columns with the words that they may hold. NULL breaks no rule but the key's.
    """

    key: tuple[str, ...]
    counts: tuple[str, ...] = ()
    shares: tuple[str, ...] = ()
    intervals: tuple[tuple[str, str, str], ...] = ()
    parts: tuple[tuple[str, str], ...] = ()
    words: tuple[tuple[str, tuple[str, ...]], ...] = ()


def broken_rules(rule: MartRule) -> dict[str, str]:
    """By what it says of a row that breaks it, the condition in SQL of each rule's being broken."""
    return dict([*_missing(rule), *_out_of_range(rule), *_out_of_order(rule), *_unknown_words(rule)])


def _missing(rule: MartRule) -> Iterator[tuple[str, str]]:
    for column in (*rule.key, *(column for column, _ in rule.words)):
        yield f"{column} is missing", f'"{column}" is null'


def _out_of_range(rule: MartRule) -> Iterator[tuple[str, str]]:
    for column in rule.counts:
        yield f"{column} is negative", f'"{column}" < 0'
    for column in rule.shares:
        yield f"{column} is not in 0 to 1", f'"{column}" not between 0 and 1'


def _out_of_order(rule: MartRule) -> Iterator[tuple[str, str]]:
    steps = [pair for low, value, high in rule.intervals for pair in ((low, value), (value, high))]
    for smaller, larger in (*steps, *rule.parts):
        yield f"{smaller} is above {larger}", f'"{smaller}" > "{larger}"'


def _unknown_words(rule: MartRule) -> Iterator[tuple[str, str]]:
    for column, words in rule.words:
        listed = ", ".join(f"'{word}'" for word in words)
        yield f"{column} is no word for it", f'"{column}" not in ({listed})'


def exact(rate: str) -> tuple[str, str, str]:
    """The interval of a rate that knows the counting error only."""
    return (f"{rate}_counting_error_only_low", rate, f"{rate}_counting_error_only_high")


def robust(rate: str) -> tuple[str, str, str]:
    """Its cluster-robust interval."""
    return (f"{rate}_low", rate, f"{rate}_high")
