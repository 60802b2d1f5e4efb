"""The worker's log, on stderr. Whatever a library reports, no value of an event may reach it."""

import logging
import sys
import traceback

# The errors of these speak of topics, offsets and files, never of what an event says.
_HARMLESS = ("aiokafka", "kafka", "session_stream", "network_registry")
REPEAT_SECONDS = 10.0


def described(error: BaseException) -> str:
    """An error for the log: where its message may quote an event, only its type and where it was raised."""
    name = type(error).__name__
    if type(error).__module__.split(".")[0] in _HARMLESS:
        return f"{name}: {error}"
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    return " < ".join([name, *(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in reversed(frames))])


class WithoutValues(logging.Formatter):
    """Shows no exception but as `described`, be it attached to a message or an argument of it."""

    def format(self, record: logging.LogRecord) -> str:
        if isinstance(record.args, tuple):
            record.args = tuple(described(a) if isinstance(a, BaseException) else a for a in record.args)
        return super().format(record)

    def formatException(self, ei) -> str:
        return described(ei[1]) if ei[1] is not None else "error"


class OnceInAWhile(logging.Filter):
    """Lets the same message of a library through every ten seconds: a broker that is down brings twenty a second."""

    def __init__(self) -> None:
        super().__init__()
        self._last: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        said = (record.name, str(record.msg))
        is_due = record.created - self._last.get(said, float("-inf")) >= REPEAT_SECONDS
        if is_due:
            self._last[said] = record.created
        return is_due or record.name.startswith("session_stream")


def log_to_stderr() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(WithoutValues("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.addFilter(OnceInAWhile())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    # They tell of every step of a rebalance, and kafka-python of every attempt that failed.
    for library, level in (("aiokafka", "WARNING"), ("faust", "WARNING"), ("mode", "WARNING"), ("kafka", "CRITICAL")):
        logging.getLogger(library).setLevel(level)
