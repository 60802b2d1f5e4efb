"""The page over HTTP: one page, its live part, its charts, and a machine-readable status. Starlette's edge."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from process_telemetry.metric_files import exposition
from quality_dashboard import wording
from quality_dashboard.board import LiveBoard
from quality_dashboard.funnel_chart import HEIGHT, WIDTH
from quality_dashboard.metrics_view import board_metrics
from quality_dashboard.page_view import Page, page, status_document
from quality_dashboard.quality_view import SHOWN_AT_ONCE as SHOWN_CHECKS
from quality_dashboard.refreshed import error_place
from quality_dashboard.response_headers import ProtectiveHeaders
from quality_dashboard.rules_view import SHOWN_AT_ONCE as SHOWN_RULES

log = logging.getLogger(__name__)
FOLDER = Path(__file__).parent
REFRESH_S = 3
# A name that an attacker's page points at this machine is refused: only these may be typed into a browser.
HOSTS = ["127.0.0.1", "localhost"]


class Dashboard:
    """The routes over one live board. `clock` is the platform's time, `now` the wall clock."""

    def __init__(
        self,
        board: LiveBoard,
        as_of: datetime | None = None,
        refresh_s: float = REFRESH_S,
        metrics_folder: Path | None = None,
    ) -> None:
        self._board, self._as_of, self._metrics_folder = board, as_of, metrics_folder
        self._templates = _templates(refresh_s)

    def page(self, _: Request) -> Response:
        return self._render("page.html")

    def live(self, _: Request) -> Response:
        return self._render("live.html")

    def status(self, _: Request) -> Response:
        return JSONResponse(status_document(self._shown()))

    def metrics(self, _: Request) -> Response:
        told = exposition(self._metrics_folder, board_metrics(self._board.look()).registry.collect())
        return Response(told, media_type=CONTENT_TYPE_LATEST)

    def chart(self, request: Request) -> Response:
        """A picture that has not changed keeps its address, so that a refresh never loads it again."""
        drawn = self._board.look().funnel.value
        name, _, theme = request.path_params["name"].rpartition("-")
        if drawn is None or name != drawn.digest or theme not in drawn.pictures:
            raise HTTPException(404, "no such chart")
        headers = {"Cache-Control": "private, max-age=86400, immutable"}
        return Response(drawn.pictures[theme], media_type="image/svg+xml", headers=headers)

    def _shown(self) -> Page:
        now = datetime.now(UTC)
        return page(self._board.look(), now, self._as_of or now)

    def _render(self, template: str) -> Response:
        return HTMLResponse(self._templates.get_template(template).render(page=self._shown()))


def application(dashboard: Dashboard) -> Starlette:
    """The ASGI application. Every route that reads anything runs in a thread, off the event loop."""
    return Starlette(
        routes=[
            Route("/", _in_thread(dashboard.page)),
            Route("/live", _in_thread(dashboard.live)),
            Route("/status.json", _in_thread(dashboard.status)),
            Route("/metrics", _in_thread(dashboard.metrics)),
            Route("/charts/{name}.svg", _in_thread(dashboard.chart)),
            Route("/healthz", _healthy),
            Mount("/static", StaticFiles(directory=FOLDER / "static")),
        ],
        middleware=[Middleware(ProtectiveHeaders), Middleware(TrustedHostMiddleware, HOSTS, www_redirect=False)],
        exception_handlers={HTTPException: _refused},
    )


def _in_thread(endpoint: Callable[[Request], Response]) -> Callable:
    async def answer(request: Request) -> Response:
        try:
            return await run_in_threadpool(endpoint, request)
        except HTTPException:
            raise
        except Exception as error:  # a library's words may quote the data: neither the reader nor the log gets them
            log.error("the page cannot be made: %s", error_place(error))
            return PlainTextResponse("the dashboard could not make this page", 500)

    return answer


async def _healthy(_: Request) -> Response:
    return JSONResponse({"status": "ok"})


async def _refused(_: Request, error: Exception) -> Response:
    refusal = error if isinstance(error, HTTPException) else HTTPException(500)
    return PlainTextResponse(refusal.detail, refusal.status_code, refusal.headers)


def _templates(refresh_s: float) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for name in ("age", "count", "decimal", "machine_time", "moment", "second"):
        environment.filters[name] = getattr(wording, name)
    sizes = {"chart_width": WIDTH, "chart_height": HEIGHT, "shown_checks": SHOWN_CHECKS, "shown_rules": SHOWN_RULES}
    environment.globals.update(sizes, refresh_s=refresh_s)
    return environment
