"""How long something still takes that has run for a while. Pure."""


def time_left(done: float, total: float, seconds: float) -> float | None:
    """Seconds, at the pace of what was `done` of `total` in `seconds`; None before anything was."""
    return max(total - done, 0.0) * seconds / done if done > 0 and seconds > 0 else None


def in_words(seconds: float | None) -> str:
    """`about 1 h 9 min left`; nothing where nothing is known."""
    if seconds is None:
        return ""
    minutes = round(seconds / 60)
    if minutes >= 60:
        return f"about {minutes // 60} h {minutes % 60} min left"
    return f"about {minutes} min left" if minutes > 1 else f"about {max(round(seconds), 1)} s left"
