"""The quality checks that fail in the current release."""

from dataclasses import dataclass

from quality_dashboard.facts import CheckFact, Criterion
from quality_dashboard.wording import NONE, code, counted, figure, share

FAILING = ("fail", "error")
_SEVERITIES = ("critical", "major", "minor")
SHOWN_AT_ONCE = 12


@dataclass(frozen=True)
class CheckRow:
    """One failing check of one clinic, on its latest assessed day."""

    clinic_id: str
    check: str
    severity: str
    level: str
    found: str
    threshold: str
    day: str
    days: str


def failing(checks: tuple[CheckFact, ...]) -> list[CheckFact]:
    """The checks that fail on their latest assessed day: the most severe first, then the longest failing."""
    found = [check for check in checks if check.status in FAILING]
    return sorted(found, key=lambda check: (_rank(check), -check.days_failing, check.clinic_id, check.check_id))


def check_rows(checks: tuple[CheckFact, ...], criteria: dict[str, Criterion]) -> list[CheckRow]:
    return [_row(check, criteria) for check in failing(checks)]


def checks_line(checks: tuple[CheckFact, ...]) -> str:
    """What to say when no check fails: that all passed, or that none could be made."""
    if not checks:
        return "No check has been made yet: the release holds no day that could be assessed."
    return f"All {counted(len(checks), 'check')} pass on their latest day."


def _rank(check: CheckFact) -> int:
    return _SEVERITIES.index(check.severity) if check.severity in _SEVERITIES else len(_SEVERITIES)


def _row(check: CheckFact, criteria: dict[str, Criterion]) -> CheckRow:
    criterion = criteria.get(check.check_id)
    return CheckRow(
        clinic_id=check.clinic_id,
        check=criterion.title if criterion else code(check.check_id),
        severity=check.severity,
        level="bad" if check.severity == "critical" and check.status == "fail" else "warn",
        found=_found(check),
        threshold=NONE if check.threshold is None else f"{100 * check.threshold:g} %",
        day=check.day,
        days=counted(check.days_failing, "day"),
    )


def _found(check: CheckFact) -> str:
    """Numerator of denominator, with the share where it is one."""
    if check.status == "error" or check.numerator is None or check.denominator is None:
        return "could not be assessed"
    if check.numerator > check.denominator:
        return f"{figure(check.numerator)} over {figure(check.denominator)}"
    part = share(check.numerator, check.denominator)
    return f"{figure(check.numerator)} of {figure(check.denominator)} ({part})"
