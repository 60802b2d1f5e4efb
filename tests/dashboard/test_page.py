"""The page over HTTP, from a real registry, a real lake and real releases; the broker is down."""

import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from clinic_events.reasons import REASONS
from quality_dashboard.board import LiveBoard
from quality_dashboard.sources import PlatformSources
from quality_dashboard.web import Dashboard, application

HOSTILE = "<script>alert('clinic')</script>"
RATES = [
    ("alder", "open_question", 1000, 60),
    ("birch", "open_question", 1000, 70),
    ("cedar", "open_question", 1200, 300),
    ("cedar", "not_asked", 400, 0),
]


@pytest.fixture
def dashboard(network):
    with ThreadPoolExecutor(8) as executor:
        yield lambda: Dashboard(LiveBoard(PlatformSources(network.home, network.settings), executor))


@pytest.fixture
def page(dashboard, ask, until):
    """The page, once every source has been read."""

    def read(path: str = "/"):
        app = application(dashboard())
        return until(lambda: ask(app, path), lambda answer: "being read" not in answer.text)

    return read


@pytest.fixture
def status(dashboard, ask, until):
    def read() -> dict:
        app = application(dashboard())
        until(lambda: ask(app, "/"), lambda answer: "being read" not in answer.text)
        return json.loads(ask(app, "/status.json").text)

    return read


def words(html: str) -> str:
    """What a reader reads."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_an_empty_home_has_a_page_that_says_so(page):
    text = words(page().text)
    assert "No clinic has joined the network yet" in text
    assert "No release yet" in text
    assert "there is none yet" in text
    assert "Nothing supervises this home" in text


def test_a_clinic_is_shown_with_what_became_of_its_events(network, page):
    network.join("alder", "Alder Lane")
    network.land("alder", 1200, flagged=12)
    network.quarantine("alder", "missing_field", 30)
    text = words(page().text)
    assert "alder Alder Lane on time" in text
    assert "1,200 12 1.0 % 30 2.4 % missing field 30 0" in text


def test_with_the_broker_down_the_page_says_so_and_serves_the_rest(network, status):
    network.join("alder")
    network.land("alder", 5)
    document = status()
    assert any("does not answer" in fault for fault in document["platform_faults"])
    assert document["ok"] is False and document["conservation"] is None
    assert document["clinics"][0]["accepted"] == 5


def test_no_patient_practitioner_or_event_of_the_lake_reaches_a_page(network, page, status):
    network.join("alder")
    network.land("alder", 5)
    network.quarantine("alder", "unreadable_time", 3)
    network.release(RATES)
    shown = page().text + json.dumps(status())
    assert "unreadable time 3" in shown
    assert "secret-" not in shown


def test_hostile_names_and_reasons_are_text_and_nothing_else(network, page):
    network.join("alder", HOSTILE)
    network.quarantine("alder", HOSTILE, 2)
    network.release(
        [(HOSTILE, *rate[1:]) if rate[0] == "birch" else rate for rate in RATES], drop="mart_clinic_signals"
    )
    network.supervise({"name": HOSTILE, "state": HOSTILE})
    html = page().text
    assert "<script>alert" not in html
    assert html.count("&lt;script&gt;") >= 3
    assert "another reason 2" in words(html)


def test_signals_checks_and_funnel_come_from_the_current_release(network, page):
    network.join("cedar")
    network.release(
        RATES,
        signals=[
            ("silence", "cedar", True, 0.0, 72.1, 0.0, 0.0, 0.09),
            ("silence", "alder", False, 0.0, 9.0, 0.0, None, None),
        ],
        checks=[
            ("cedar", f"2026-03-{day:02}", "refused_share", 9.0, 100.0, 0.05, verdict)
            for day, verdict in ((1, "fail"), (2, "pass"), (3, "fail"), (4, "not_applicable"), (5, "fail"))
        ],
    )
    text = words(page().text)
    assert "cedar silent" in text
    assert "72.1 expected; ratio 0.00 (99.8 % interval 0.00 to 0.09)" in text
    assert "Events that were refused critical 9 of 100 (9.0 %) 5 % 2026-03-05 2 days" in text
    assert "for the same way of asking" in text and "not a randomised comparison" in text


def test_broken_rules_come_from_the_current_release_with_the_registrys_words(network, page, status):
    network.release(
        RATES,
        rules=[
            ("alder", "licence_not_valid", "warehouse", "critical", 3, 100),
            ("cedar", "licence_not_valid", "warehouse", "critical", 9, 100),
            ("birch", "onset_before_session", "warehouse", "major", 0, 70),
            ("birch", "out_of_range", "stream", "major", 1, None),
        ],
    )
    text = words(page().text)
    assert "2 rules broken, 1 of them critical" in text
    rule = REASONS["licence_not_valid"]
    assert f"{rule.title} {rule.rationale} ({rule.source}) critical" in text
    assert "critical warehouse 12 6.0 % of 200 2 cedar, alder mart_safety_by_clinic" in text
    assert REASONS["onset_before_session"].title not in text
    assert [rule["code"] for rule in status()["broken_rules"]] == ["licence_not_valid", "out_of_range"]


def test_a_release_in_which_no_rule_was_broken_says_so(network, page):
    network.release(RATES)
    assert "No accepted event of this release broke a rule" in words(page().text)


def test_a_new_release_is_shown_without_a_restart(network, dashboard, ask, until):
    network.release(RATES)
    app = application(dashboard())
    until(lambda: ask(app, "/status.json"), lambda answer: shown_release(answer.text) == 1)
    network.release(RATES)
    until(lambda: ask(app, "/status.json"), lambda answer: shown_release(answer.text) == 2)


def shown_release(document: str) -> int | None:
    releases = json.loads(document)["releases"]
    return releases[0]["release_id"] if releases else None


def test_a_release_without_a_mart_is_a_platform_fault_and_the_rest_is_shown(network, status):
    network.release(
        RATES, checks=[("alder", "2026-03-01", "refused_share", 9.0, 100.0, 0.05, "fail")], drop="mart_clinic_signals"
    )
    document = status()
    assert "The current release lacks mart_clinic_signals" in document["platform_faults"]
    assert document["failing_checks"][0]["clinic_id"] == "alder"


def test_the_picture_is_served_under_the_address_on_the_page_and_no_other(network, dashboard, ask, until):
    network.release(RATES)
    app = application(dashboard())
    html = until(lambda: ask(app, "/live"), lambda answer: "/charts/" in answer.text).text
    address = re.search(r"/charts/\w+-light\.svg", html)
    assert address is not None
    picture = ask(app, address[0])
    assert (picture.status, picture.headers["content-type"]) == (200, "image/svg+xml")
    assert "immutable" in picture.headers["cache-control"]
    assert ask(app, "/charts/0000-light.svg").status == 404
    assert ask(app, address[0].replace("light", "neon")).status == 404


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:8600", "meridian.local", ""])
def test_a_name_that_was_pointed_at_this_machine_is_refused(dashboard, ask, host):
    assert ask(application(dashboard()), "/status.json", host).status == 400


@pytest.mark.parametrize("host", ["127.0.0.1:8600", "localhost:8600", "localhost"])
def test_this_machine_s_own_names_are_served(dashboard, ask, host):
    answer = ask(application(dashboard()), "/healthz", host)
    assert (answer.status, json.loads(answer.text)) == (200, {"status": "ok"})


@pytest.mark.parametrize("path", ["/", "/live", "/status.json", "/healthz", "/static/dashboard.css", "/nowhere"])
def test_every_answer_holds_the_browser_to_this_page_s_own_files(dashboard, ask, path):
    headers = ask(application(dashboard()), path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src 'self';" in policy and "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in policy


def test_there_is_no_inline_script_style_or_foreign_address_on_the_page(network, page):
    network.join("alder")
    network.land("alder", 3)
    network.release(RATES)
    html = page().text
    assert re.findall(r"<script(?![^>]*\ssrc=)", html) == []
    assert re.findall(r"<style|\sstyle=|\son\w+=|javascript:", html) == []
    assert re.findall(r"""(?:src|href|srcset)=["'](?!/|#)""", html) == []


def test_a_page_that_cannot_be_made_is_one_line_without_a_trace(dashboard, ask, monkeypatch, caplog):
    shown = dashboard()
    monkeypatch.setattr(shown, "_shown", lambda: 1 / 0)
    answer = ask(application(shown), "/")
    assert (answer.status, answer.text) == (500, "the dashboard could not make this page")
    assert "ZeroDivisionError at test_page.py" in caplog.text and "Traceback" not in caplog.text
