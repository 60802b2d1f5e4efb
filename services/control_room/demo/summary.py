"""What the demo says at its end. Everything found comes from the release and the quarantine."""

from typing import Any

from control_room.status import conservation_line
from simulated_network.judgement import Judgement
from simulated_network.summary import summary_lines
from simulated_network.truth import Truth

_FINDINGS = ("planted", "found", "missed", "false_alarms")


def demo_summary(
    judgement: Judgement, conservation: dict[str, Any], seconds: dict[str, float], total: float, address: str
) -> dict[str, Any]:
    """The closing summary as JSON; `right` says that every plant was found, nothing else was, and nothing was lost."""
    return {
        "right": judgement.is_right and bool(conservation["holds"]),
        **{name: [each._asdict() for each in getattr(judgement, name)] for name in _FINDINGS},
        "flagged_decoys": list(judgement.flagged_decoys),
        "conservation": {name: value for name, value in conservation.items() if name != "partitions"},
        "seconds": {**seconds, "total": total},
        "dashboard": address,
    }


def summary_text(truth: Truth, judgement: Judgement, summary: dict[str, Any]) -> list[str]:
    times = ", ".join(f"{name} {seconds:.1f}" for name, seconds in summary["seconds"].items())
    return [
        *summary_lines(truth, judgement),
        "",
        conservation_line(summary["conservation"]),
        f"seconds    {times}",
        f"dashboard  {summary['dashboard']}",
    ]
