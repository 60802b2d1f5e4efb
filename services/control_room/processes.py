"""Each process of the platform by its name. Only the one that is asked for is imported."""

from network_registry.home import Home
from network_registry.settings import Settings


def run_process(name: str, home: Home, settings: Settings, number: int = 1) -> int:
    """Be one process of the platform until it is stopped; its exit code. Of the stream there may be several."""
    if name == "broker":
        from control_room.broker.launch import run_broker

        return run_broker(home, settings)
    if name == "stream":
        from session_stream.worker import run_stream_worker

        return run_stream_worker(home, settings, number)
    if name == "lander":
        from warehouse_releases.land import run_lander

        return run_lander(home, settings)
    if name == "builder":
        from control_room.erasing import outbox_eraser
        from warehouse_releases.builder import run_builder

        return run_builder(home, settings, erase_outboxes=outbox_eraser(home))
    from quality_dashboard.server import run_dashboard

    return run_dashboard(home, settings)
