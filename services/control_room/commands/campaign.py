"""`meridian fault-campaign`: hurt a platform of its own, and judge whether it lost anything."""

from pathlib import Path

from cyclopts import App


def register(app: App) -> None:
    app.command(fault_campaign)


def fault_campaign(
    *,
    folder: Path,
    faults: int = 100,
    events: int = 2_000_000,
    seed: int = 1,
    only: int | None = None,
    disks: bool = True,
    json: bool = False,
) -> int:
    """Kill, stop and starve a platform while clinics publish; then compare from outside what they hold for acknowledged
    with what is counted. Exit 1 when something is missing or counted twice.

    Parameters
    ----------
    folder
        Where to work: an empty folder. The list of the faults, the outboxes and the platform's logs stay there.
    faults
        How many.
    events
        How many are published, a portion for each fault.
    seed
        What decides on the faults, and their order.
    only
        The number of one fault of these, to repeat it alone.
    disks
        Whether broker, lake and registry have small disks of their own, which only root can mount. Without them the
        full disks are left out.
    json
        Answer as JSON.
    """
    from control_room.answers import answer_json, answer_table, notice
    from control_room.fault_campaign.campaign import run_campaign

    if faults < 1 or events < faults or not (only is None or 1 <= only <= faults):
        raise ValueError("--faults: at least 1; --events: at least as many; --only: one of the faults")
    if folder.exists() and any(folder.iterdir()):
        raise ValueError(f"--folder: {folder} is not empty")
    folder.mkdir(parents=True, exist_ok=True)
    found = run_campaign(folder.absolute(), seed, faults, only, events, disks, notice)
    if json:
        answer_json(found)
    else:
        answer_table(["campaign", ""], list(found.items()))
    return 0 if found["holds"] else 1
