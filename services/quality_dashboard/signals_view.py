"""The signals that the current release finds, each with its evidence in words.

A clinic is compared with other clinics, never randomised to anything: the words say what differs, not what caused it.
"""

from dataclasses import dataclass

from quality_dashboard.facts import Criterion, SignalFact
from quality_dashboard.wording import code, counted, decimal

SILENCE = "silence"


@dataclass(frozen=True)
class SignalRow:
    clinic_id: str
    signal: str
    meaning: str
    evidence: str


def signal_rows(signals: tuple[SignalFact, ...], criteria: dict[str, Criterion]) -> list[SignalRow]:
    """The signals found, by kind and clinic."""
    found = sorted((signal for signal in signals if signal.found), key=lambda signal: (signal.signal, signal.clinic_id))
    return [_row(signal, criteria.get(signal.signal)) for signal in found]


def signals_line(signals: tuple[SignalFact, ...]) -> str:
    """How many comparisons were made: the more one looks, the more chance alone will show."""
    evaluated = [signal for signal in signals if signal.evaluated]
    if not signals:
        return "No comparison has been made yet."
    found = sum(signal.found for signal in signals)
    kinds = len({signal.signal for signal in signals})
    few = len(signals) - len(evaluated)
    rest = f"; {counted(few, 'other')} had too few data to judge" if few else ""
    return (
        f"{counted(found, 'signal')} found in {counted(len(evaluated), 'comparison')}, "
        f"{counted(kinds, 'kind')} of signal with one rule for all clinics{rest}."
    )


def silent_clinics(signals: tuple[SignalFact, ...]) -> frozenset[str]:
    return frozenset(signal.clinic_id for signal in signals if signal.found and signal.signal == SILENCE)


def evidence(signal: SignalFact, confidence: float | None) -> str:
    """The mart's counts in words; where it compares, also what was expected and the ratio with its interval."""
    if not signal.expected or signal.ratio_low is None or signal.ratio_high is None:
        return signal.detail
    level = f"{100 * confidence:g} % interval" if confidence else "interval"
    limits = f"{decimal(signal.ratio_low, 2)} to {decimal(signal.ratio_high, 2)}"
    return f"{signal.detail}; {decimal(signal.expected)} expected; ratio {decimal(signal.ratio, 2)} ({level} {limits})"


def _row(signal: SignalFact, criterion: Criterion | None) -> SignalRow:
    told = evidence(signal, criterion.confidence if criterion else None)
    return SignalRow(signal.clinic_id, code(signal.signal), criterion.title if criterion else "", told)
