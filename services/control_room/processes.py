"""Each process of the platform by its name, with its log and metrics. Only the one that is asked for is imported."""

import os
from contextlib import suppress
from pathlib import Path

from network_registry.home import Home
from network_registry.settings import Settings
from process_telemetry.process_log import log_to_stderr
from process_telemetry.process_metrics import ProcessMetrics, telling

_BUILDER_NICE = 10


def run_process(name: str, home: Home, settings: Settings, number: int = 1) -> int:
    """Be one process of the platform until it is stopped; its exit code. Of the stream there may be several."""
    if name == "broker":
        from control_room.broker.launch import run_broker

        return run_broker(home, settings)
    metrics = ProcessMetrics()
    called = stream_name(number) if name == "stream" else name
    log_to_stderr(called)
    with telling(home.metrics, called, metrics):
        return _process(name, home, settings, number, metrics)


def stream_name(number: int) -> str:
    """Of the supervisor's processes the worker of the stream with this number, from 1."""
    return "stream" if number == 1 else f"stream-{number}"


def _process(name: str, home: Home, settings: Settings, number: int, metrics: ProcessMetrics) -> int:
    if name == "stream":
        from session_stream.worker import run_stream_worker

        return run_stream_worker(home, settings, number, metrics)
    if name == "lander":
        from warehouse_releases.land import run_lander

        return run_lander(home, settings, metrics=metrics)
    if name == "builder":
        step_back()
        from control_room.erasing import outbox_eraser
        from warehouse_releases.builder import run_builder

        return run_builder(home, settings, erase_outboxes=outbox_eraser(home))
    from quality_dashboard.server import run_dashboard

    return run_dashboard(home, settings)


def step_back() -> None:
    """What is published is validated and lands first: a build can wait, a clinic's receipt should not."""
    os.nice(_BUILDER_NICE)
    if os.getsid(0) != os.getpid():
        return
    # Linux weighs sessions against each other first, and the supervisor gives each process one of its own, in which
    # there is nobody to be nicer than. Not every kernel does so, and not every container may change it.
    with suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(_BUILDER_NICE))
