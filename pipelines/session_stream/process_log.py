"""The worker's log, on stderr. Whatever a library reports, no value of an event may reach it."""

import logging
import sys
import traceback

# The errors of these speak of topics, offsets and files, never of what an event says.
_HARMLESS = ("aiokafka", "kafka", "session_stream", "network_registry")


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


def log_to_stderr() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(WithoutValues("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    # They tell of every step of a rebalance, and kafka-python of every attempt that failed.
    for library, level in (("aiokafka", "WARNING"), ("faust", "WARNING"), ("mode", "WARNING"), ("kafka", "CRITICAL")):
        logging.getLogger(library).setLevel(level)
