"""`meridian bench`: what things cost here, against peers in the same run."""

from pathlib import Path
from typing import Any

from cyclopts import App


def register(app: App) -> None:
    group = App(name="bench", help="Measure against peers, in one run.")
    group.command(language)
    group.command(stream)
    group.command(partitions)
    group.command(freshness)
    group.command(coverage)
    group.command(warehouse)
    group.command(rebuild)
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


def stream(*, events: int = 300_000, rounds: int = 5, folder: Path | None = None, json: bool = False) -> int:
    """Validate and pass on sessions, against other ways to write the stream. Takes twenty minutes.

    Parameters
    ----------
    events
        How many sessions of 1.25 kB wait in the clinics' topics.
    rounds
        How often all take turns, but Faust as its manual shows it, which runs once; the best round of each counts.
    folder
        Where to work; needs about 5 GB. The machine's folder for temporary files otherwise.
    json
        Answer as JSON.
    """
    from control_room.answers import answer_json, answer_table, notice
    from control_room.benchmarks.stream import bench_stream

    _require_enough(events, rounds)
    measured = bench_stream(events, rounds, folder, notice)
    if json:
        answer_json(measured)
        return 0
    ratios = measured["ratios"]
    columns = ["name", "events_per_second", "cpu_us_per_event", "conserved"]
    rows = [[*(runner[column] for column in columns), ratios.get(runner["name"])] for runner in measured["runners"]]
    answer_table([*columns, "ours over theirs"], rows)
    answer_table(["what an event costs two workers, over one"], [[measured["two_workers_cpu"]]])
    return 0


def partitions(*, events: int = 200_000, rounds: int = 2, folder: Path | None = None, json: bool = False) -> int:
    """What an event costs the stream in one of 800 quiet partitions, over one in a single busy one. Takes two minutes.

    Parameters
    ----------
    events
        How many sessions of 1.25 kB: in each of the 800 partitions a few, and all of them in the busy one.
    rounds
        How often both take turns; the best round of each counts.
    folder
        Where to work. The machine's folder for temporary files otherwise.
    json
        Answer as JSON.
    """
    from control_room.answers import notice
    from control_room.benchmarks.partitions import bench_partitions

    _require_enough(events, rounds)
    return _figures("an event's cost", bench_partitions(events, rounds, folder, notice), json)


def freshness(
    *,
    rate: int = 500,
    seconds: int = 60,
    clinics: int = 200,
    workers: int = 2,
    folder: Path | None = None,
    json: bool = False,
) -> int:
    """How long events take until they are validated and landed, with all clinics at once, and while one floods.

    Takes five minutes. Events go out when they are due, whatever becomes of those before.

    Parameters
    ----------
    rate
        Events a second, all clinics together.
    seconds
        For how long; twice, the second time with a clinic that sends a hundred times its share.
    clinics
        How many.
    workers
        How many workers of the stream share them.
    folder
        Where to work. The machine's folder for temporary files otherwise.
    json
        Answer as JSON.
    """
    from control_room.answers import notice
    from control_room.benchmarks.stream_freshness import bench_stream_freshness

    if min(rate, seconds, workers) < 1 or clinics < 2:
        raise ValueError("--rate, --seconds, --workers: at least 1; --clinics: at least 2")
    measured = bench_stream_freshness(rate, seconds, clinics, workers, folder, notice)
    return _figures("published to validated and landed", measured, json)


def coverage(
    *, seeds: int = 4_000, estimand: list[str] | None = None, page: Path | None = None, json: bool = False
) -> int:
    """Coverage, bias and width of the 95 % intervals of the marts, where the truth is known. Takes a minute.

    Parameters
    ----------
    seeds
        How many networks, or cohorts of patients, are drawn for each estimand.
    estimand
        Only this one, or all that begin with it before a dot; may be given again.
    page
        Write the table into this page, between its marks; docs/coverage.md is made so.
    json
        Answer as JSON.
    """
    from control_room.answers import answer_json, answer_table, notice
    from control_room.benchmarks.coverage import bench_coverage, page_writer
    from simulated_network.coverage_study.study import FEWEST_SEEDS

    if seeds < FEWEST_SEEDS:
        raise ValueError(f"--seeds: at least {FEWEST_SEEDS}")
    if page and estimand:
        raise ValueError("--page: the page has all estimands; leave out --estimand")
    write = page_writer(page) if page else None
    measured = bench_coverage(seeds, estimand or [], notice)
    if write:
        write(measured)
    if json:
        answer_json(measured)
    else:
        columns = ["estimand", "truth", "coverage", "bias", "width", "relative_width", "expected", "verdict"]
        answer_table(columns, [[record[name] for name in columns] for record in measured["estimands"]])
    return 0


def warehouse(
    *, sessions: list[int] | None = None, freshness_s: int = 300, folder: Path | None = None, json: bool = False
) -> int:
    """Build histories of 1, 3 and 10 million sessions, layer by layer, whole and two percent more. Takes an hour.

    Interrupted, the same command goes on with the layers that are not measured yet.
    At its end a platform of twelve clinics runs, and it is measured how long events take until they are released.

    Parameters
    ----------
    sessions
        A size to measure; may be given several times, from small to large.
    freshness_s
        For how many seconds an event is published every second; 0 leaves freshness out.
    folder
        Where to work; needs about 3 GB for a million sessions. The machine's folder for temporary files otherwise.
    json
        Answer as JSON.
    """
    from control_room.answers import answer_json, answer_table, notice
    from control_room.benchmarks.release_freshness import bench_freshness
    from control_room.benchmarks.warehouse import SIZES, bench_warehouse, rows_of

    sizes = sessions or list(SIZES)
    if min(sizes) < 1000 or sizes != sorted(sizes):
        raise ValueError("--sessions: at least 1000 each, from small to large")
    if freshness_s < 0:
        raise ValueError("--freshness-s: at least 0")
    measured = bench_warehouse(sizes, folder, notice)
    if freshness_s:
        measured["freshness"] = bench_freshness(freshness_s, folder, notice)
    if json:
        answer_json(measured)
        return 0
    answer_table(["sessions", "layer", "seconds", "peak MiB", "increment seconds"], rows_of(measured))
    if freshness_s:
        answer_table(["published to released", ""], list(measured["freshness"].items()))
    return 0


def rebuild(*, events: int = 1_000_000, folder: Path | None = None, json: bool = False) -> int:
    """Decide events again from the clinics' topics, beside a lake that holds them all, and kill it once on the way.

    Takes three minutes for a million events. Each is found as it was laid down, or the command fails.

    Parameters
    ----------
    events
        How many sessions of eight needles; one in a thousand is to be healed.
    folder
        Where to work; needs about 1 GB for a million events. The machine's folder for temporary files otherwise.
    json
        Answer as JSON.
    """
    from control_room.answers import notice
    from control_room.benchmarks.rebuild import bench_rebuild

    if events < 100_000:
        raise ValueError("--events: at least 100,000, or it is over before it can be killed")
    return _figures("decided again", bench_rebuild(events, folder, notice), json)


def _require_enough(events: int, rounds: int) -> None:
    if events < 1000 or rounds < 1:
        raise ValueError("--events: at least 1000; --rounds: at least 1")


def _figures(about: str, measured: dict[str, Any], json: bool) -> int:
    """An answer that is a figure for each name."""
    from control_room.answers import answer_json, answer_table

    if json:
        answer_json(measured)
    else:
        answer_table([about, ""], list(measured.items()))
    return 0
