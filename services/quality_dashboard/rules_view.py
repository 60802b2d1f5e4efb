"""The rules that events of the current release broke, with what the registry says of each."""

from dataclasses import dataclass

from clinic_events.reasons import REASONS
from quality_dashboard.facts import RuleFact
from quality_dashboard.wording import code, count, counted, share

SHOWN_AT_ONCE, SHOWN_CLINICS = 10, 3
_SEVERITIES = ("critical", "major", "minor")
_LEVELS = {"critical": "bad", "major": "warn"}


@dataclass(frozen=True)
class RuleRow:
    """One broken rule. `source` and `why` are the registry's; empty for a rule that it does not know."""

    title: str
    why: str
    source: str
    severity: str
    level: str
    decided_in: str
    clinics: str
    clinic_names: str
    events: str
    share: str
    endangers: tuple[str, ...]


def broken(rules: tuple[RuleFact, ...]) -> list[RuleFact]:
    """The most severe first, then those that most events broke."""
    found = [rule for rule in rules if rule.events]
    return sorted(found, key=lambda rule: (_rank(rule), -rule.events, rule.code))


def rule_rows(rules: tuple[RuleFact, ...]) -> list[RuleRow]:
    return [_row(rule) for rule in broken(rules)]


def rules_line(rules: tuple[RuleFact, ...]) -> str:
    """How many rules were broken, or that none was."""
    found = broken(rules)
    if not found:
        return "No accepted event of this release broke a rule."
    critical = sum(rule.severity == "critical" for rule in found)
    rest = f", {count(critical)} of them critical" if critical else ", none of them critical"
    return f"{counted(len(found), 'rule')} broken{rest}."


def _rank(rule: RuleFact) -> int:
    return _SEVERITIES.index(rule.severity) if rule.severity in _SEVERITIES else len(_SEVERITIES)


def _row(rule: RuleFact) -> RuleRow:
    known = REASONS.get(rule.code)
    return RuleRow(
        title=known.title if known else code(rule.code),
        why=known.rationale if known else "",
        source=known.source if known else "",
        severity=rule.severity,
        level=_LEVELS.get(rule.severity, "idle"),
        decided_in=rule.decided_in,
        clinics=count(len(rule.clinics)),
        clinic_names=_named(rule.clinics),
        events=count(rule.events),
        share=f"{share(rule.events, rule.judged)} of {count(rule.judged)}" if rule.judged else "",
        endangers=known.endangers if known else (),
    )


def _named(clinics: tuple[str, ...]) -> str:
    named, rest = clinics[:SHOWN_CLINICS], len(clinics) - SHOWN_CLINICS
    return ", ".join(named) + (f" and {count(rest)} more" if rest > 0 else "")
