"""Show the one download that the first start needs."""

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from control_room.answers import notice, notices
from control_room.broker.jars import KAFKA_VERSION, cache_folder, is_complete, kafka_jars


def fetch_jars() -> None:
    """Fetch Kafka's jars where the cache lacks them: with a bar on a terminal, else with a line. `JarsUnavailable`."""
    if is_complete(cache_folder()):
        return
    notice(f"fetching Apache Kafka {KAFKA_VERSION} into {cache_folder()} (about 43 MB, once)")
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=notices, transient=True, disable=not notices.is_terminal) as bar:
        task = bar.add_task("resolving")
        kafka_jars(lambda doing, done, total: bar.update(task, description=doing, completed=done, total=total))
