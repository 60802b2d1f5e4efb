"""The log of a process, on stderr: one JSON object a line, and no value of an event, whatever a library reports."""

import logging
import sys
import traceback
from typing import Any

import structlog
from structlog.types import EventDict, Processor

# The errors of these speak of topics, offsets and files, never of what an event says.
_HARMLESS = (
    "aiokafka", "kafka", "session_stream", "warehouse_releases", "quality_dashboard", "network_registry",
)  # fmt: skip
# Their messages are ours: what stands in them is known.
_OURS = ("session_stream", "warehouse_releases", "quality_dashboard", "network_registry", "lander", "builder")
REPEAT_SECONDS = 10.0


def log_to_stderr(process: str) -> None:
    """To be called once, when the process begins."""
    shared: list[Processor] = [
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        _of(process),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    rendering = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.processors.JSONRenderer()]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processors=rendering, foreign_pre_chain=shared))
    handler.addFilter(OnceInAWhile())
    handler.addFilter(without_values)
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    # They tell of every step of a rebalance, and kafka-python of every attempt that failed.
    quiet = {"aiokafka": "WARNING", "faust": "WARNING", "mode": "WARNING", "kafka": "CRITICAL", "uvicorn": "WARNING"}
    for library, level in quiet.items():
        logging.getLogger(library).setLevel(level)


def described(error: BaseException) -> str:
    """An error for the log: where its message may quote an event, only its type and where it was raised."""
    name = type(error).__name__
    if _room(type(error).__module__) in _HARMLESS:
        return f"{name}: {error}"
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    return " < ".join([name, *(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in reversed(frames))])


def without_values(record: logging.LogRecord) -> bool:
    """A filter that lets every message through, without what its arguments or an attached error might quote.

    Of a library's arguments only numbers are told, of an error only what is `described`.
    """
    ours = _room(record.name) in _OURS
    if isinstance(record.args, tuple):
        record.args = tuple(_told(argument, ours) for argument in record.args)
    elif isinstance(record.args, dict):
        record.args = {name: _told(argument, ours) for name, argument in record.args.items()}
    if record.exc_info and record.exc_info[1] is not None:
        record.msg, record.args = f"{record.getMessage()}: {described(record.exc_info[1])}", ()
    record.exc_info = record.exc_text = record.stack_info = None
    return True


def _told(argument: Any, ours: bool) -> Any:
    if isinstance(argument, BaseException):
        return described(argument)
    return argument if ours or isinstance(argument, int | float) else f"<{type(argument).__name__}>"


def _of(process: str) -> Processor:
    def named(_logger: Any, _method: str, event: EventDict) -> EventDict:
        return {"at": event.pop("at"), "process": process, **event}

    return named


def _room(name: str) -> str:
    return name.split(".")[0]


class OnceInAWhile(logging.Filter):
    """Lets the same message of a library through every ten seconds: a broker that is down brings twenty a second."""

    def __init__(self) -> None:
        super().__init__()
        self._last: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if _room(record.name) in _OURS:
            return True
        said = (record.name, str(record.msg))
        is_due = record.created - self._last.get(said, float("-inf")) >= REPEAT_SECONDS
        if is_due:
            self._last[said] = record.created
        return is_due
