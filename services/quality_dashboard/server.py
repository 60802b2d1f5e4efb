"""`meridian run dashboard`: the page on the loopback address until it is told to stop."""

import logging
import signal
import socket
import sys
from concurrent.futures import ThreadPoolExecutor

import uvicorn

from network_registry.home import Home, HomeMissing
from network_registry.settings import Settings
from quality_dashboard.board import LiveBoard
from quality_dashboard.sources import PlatformSources
from quality_dashboard.web import Dashboard, application

ADDRESS = "127.0.0.1"
USAGE = 2
_GRACE_S = 3
log = logging.getLogger(__name__)


def run_dashboard(home: Home, settings: Settings) -> int:
    """Serve until SIGTERM or SIGINT. Exit codes: 0 stopped, 2 the home is missing or the port is taken."""
    try:
        home.require()
        listener = socket.create_server((ADDRESS, settings.dashboard_port))
    except HomeMissing as error:
        return _refuse(str(error))
    except OSError as error:
        return _refuse(f"the dashboard cannot listen on {ADDRESS}:{settings.dashboard_port}: {error.strerror}")
    with listener:
        _serve(home, settings, listener)
    return 0


def _serve(home: Home, settings: Settings, listener: socket.socket) -> None:
    # One thread per source, so that a broker that does not answer holds up nobody else.
    executor = ThreadPoolExecutor(max_workers=8, thread_name_prefix="source")
    board = LiveBoard(PlatformSources(home, settings), executor)
    config = uvicorn.Config(
        application(Dashboard(board, settings.as_of, metrics_folder=home.metrics)),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_S,
    )
    # uvicorn raises the signal again when it has stopped; a clean stop is not to look like a death by signal.
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, lambda *_: None)
    board.start()
    log.info("the dashboard is at http://%s:%d/", ADDRESS, settings.dashboard_port)
    uvicorn.Server(config).run(sockets=[listener])
    executor.shutdown(wait=False, cancel_futures=True)


def _refuse(line: str) -> int:
    sys.stderr.write(f"{line}\n")
    return USAGE
