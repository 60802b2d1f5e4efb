"""What must be true of every row of a mart. Pure."""

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


def exact(rate: str) -> tuple[str, str, str]:
    """The interval of a rate that knows the counting error only."""
    return (f"{rate}_counting_error_only_low", rate, f"{rate}_counting_error_only_high")


def robust(rate: str) -> tuple[str, str, str]:
    """Its cluster-robust interval."""
    return (f"{rate}_low", rate, f"{rate}_high")
