"""`meridian bench`: what things cost here, against peers in the same run."""

from cyclopts import App


def register(app: App) -> None:
    group = App(name="bench", help="Measure against peers, in one run.")
    group.command(language)
    app.command(group)


def language(*, events: int = 20_000, rounds: int = 5, json: bool = False) -> int:
    """Judge, normalise, pseudonymise, enrich and encode sessions, against libraries that do less. Takes a minute.

    Parameters
    ----------
    events
        How many distinct sessions of eight needles.
    rounds
        How often all take turns; the best round of each counts.
    json
        Answer as JSON.
    """
    from control_room.answers import answer_json, answer_table, notice
    from control_room.benchmarks.language import bench_language

    if events < 1 or rounds < 1:
        raise ValueError("--events and --rounds: at least 1")
    measured = bench_language(events, rounds, notice)
    if json:
        answer_json(measured)
    else:
        ratios = measured["ratios"]
        answer_table(
            ["runner", "microseconds an event", "ours over theirs"],
            [(name, spent, ratios.get(name)) for name, spent in measured["microseconds"].items()],
        )
    return 0
