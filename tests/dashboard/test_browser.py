"""The page in a real browser: it shows a real release, keeps itself up to date, and talks to nobody else."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WITHIN_MS = 60_000
RATES = [
    ("alder", "open_question", 1000, 60),
    ("birch", "open_question", 1000, 70),
    ("cedar", "open_question", 1200, 300),
]
SERVE = """
import sys
from network_registry.home import Home
from network_registry.settings import Settings
from quality_dashboard.server import run_dashboard
home = Home(sys.argv[1])
sys.exit(run_dashboard(home, Settings(home=home.root, broker_port=int(sys.argv[2]), dashboard_port=int(sys.argv[3]))))
"""
# How often the page would have refreshed itself, had nobody paused it.
COUNT_HELD_BACK = """
window.heldBack = 0;
document.addEventListener("htmx:finally:request", () => { window.heldBack += 1; });
"""

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: apt-get install chromium")


@dataclass
class Visit:
    """A page that is open, and what the browser said and asked for meanwhile."""

    page: Page
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def hosts(self) -> set[str | None]:
        return {urlsplit(address).hostname for address in self.asked}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def served(network) -> Iterator[tuple]:
    """The home's dashboard in a process of its own: the home, the process and the address."""
    settings = network.settings
    given = [str(network.home.root), str(settings.broker_port), str(settings.dashboard_port)]
    process = subprocess.Popen([sys.executable, "-c", SERVE, *given])
    yield network, process, f"http://127.0.0.1:{settings.dashboard_port}/"
    process.terminate()
    try:
        process.wait(60)
    finally:
        process.kill()


@pytest.fixture
def visit(browser, served, answering) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = Visit(context.new_page())
    opened.page.on("console", lambda message: opened.said.append(f"{message.type}: {message.text}"))
    opened.page.on("pageerror", lambda error: opened.said.append(f"error: {error}"))
    opened.page.on("request", lambda request: opened.asked.append(request.url))
    answering(served[0].settings.dashboard_port)
    opened.page.goto(served[2])
    yield opened
    context.close()


def test_a_page_of_a_real_release_fills_itself_without_a_reload(served, visit):
    network, page = served[0], visit.page
    expect(page.get_by_text("No clinic has joined the network yet")).to_be_visible(timeout=WITHIN_MS)
    network.join("alder", "Alder Lane")
    network.land("alder", 1200)
    network.release(RATES, signals=[("silence", "cedar", True, 0.0, 72.1, 0.0, 0.0, 0.09)])
    clinic = page.locator("#clinics tbody tr", has_text="alder")
    expect(clinic).to_contain_text("1,200", timeout=WITHIN_MS)
    expect(page.locator("#signals tbody tr")).to_contain_text("72.1 expected", timeout=WITHIN_MS)
    expect(page.locator("#releases .badge").first).to_have_text("Audit passed: 34 of 34 checks", timeout=WITHIN_MS)
    picture = page.get_by_role("img", name="Funnel plot")
    expect(picture).to_be_visible(timeout=WITHIN_MS)
    page.wait_for_function("element => element.complete && element.naturalWidth > 0", arg=picture.element_handle())
    network.land("alder", 34, age=timedelta(minutes=1))
    expect(clinic).to_contain_text("1,234", timeout=WITHIN_MS)
    assert visit.asked.count(served[2]) == 1
    assert visit.said == []
    assert visit.hosts() == {"127.0.0.1"}


def test_a_refresh_leaves_open_what_was_opened_and_loads_no_picture_again(served, visit):
    network, page = served[0], visit.page
    network.release(RATES)
    table = page.locator("#funnel details")
    expect(table).to_be_visible(timeout=WITHIN_MS)
    table.locator("summary").click()
    row = table.locator("tbody tr", has_text="cedar")
    expect(row).to_be_visible()
    page.evaluate("document.querySelector('#funnel img').dataset.same = 'element'")
    read_at = page.locator(".read-at time").inner_text()
    expect(page.locator(".read-at time")).not_to_have_text(read_at, timeout=WITHIN_MS)
    expect(row).to_be_visible()
    assert page.locator("#funnel img").count() == 1
    assert len([address for address in visit.asked if "/charts/" in address]) == 1
    assert visit.said == []


def test_a_reader_can_hold_the_page_still(served, visit):
    network, page = served[0], visit.page
    page.get_by_role("button", name="Pause updates").click()
    network.join("alder")
    page.evaluate(COUNT_HELD_BACK)
    asked = len(visit.asked)
    page.wait_for_function("() => window.heldBack >= 2", timeout=WITHIN_MS)
    assert len(visit.asked) == asked
    page.get_by_role("button", name="Resume updates").click()
    expect(page.locator("#clinics tbody tr", has_text="alder")).to_be_visible(timeout=WITHIN_MS)


def test_a_page_whose_dashboard_died_says_so(served, visit):
    served[1].kill()
    expect(visit.page.get_by_role("alert")).to_contain_text("does not answer", timeout=WITHIN_MS)


def test_nothing_but_tables_is_wider_than_the_window(served, visit):
    network, page = served[0], visit.page
    network.join("alder", "A clinic with quite a long name, as clinics have")
    network.quarantine("alder", "missing_field", 3)
    network.release(RATES, rules=[("alder", "deep_over_lung", "stream", "critical", 12, None)])
    expect(page.locator("#funnel img")).to_be_visible(timeout=WITHIN_MS)
    expect(page.locator("#rules tbody tr")).to_contain_text("over the lung")
    for width in (360, 800, 1600):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width
