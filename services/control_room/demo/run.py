"""The demo, from an empty folder to a judged release."""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from clinic_publisher.publish import publish_events
from control_room.answers import answer_json, notice, say
from control_room.demo.home import fresh_demo_home
from control_room.demo.stages import Stages
from control_room.demo.summary import demo_summary, summary_text
from control_room.onboarding import onboard_clinics
from control_room.supervision import down, up
from network_registry.home import Home
from network_registry.settings import Settings
from simulated_network.judgement import Judgement, judge_findings
from simulated_network.network import SimulatedNetwork, simulate
from simulated_network.truth import Truth
from warehouse_releases.builder import build_now
from warehouse_releases.conservation_reading import read_conservation
from warehouse_releases.readers import query

# A fixed moment, so that one seed is one network for ever; a Sunday evening.
AS_OF = datetime(2026, 9, 27, 18, 0, tzinfo=UTC)


def run_demo(*, exit_after: bool, seed: int, null: bool, as_of: datetime | None, as_json: bool) -> int:
    """0 when everything planted was found and nothing else, and nothing was lost; else 1."""
    moment = as_of or AS_OF
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    stages = Stages(notice)
    home, settings = fresh_demo_home(moment)
    try:
        truth, judgement, summary = _main_job(home, settings, stages, seed, null, moment)
        if as_json:
            answer_json(summary)
        else:
            for line in summary_text(truth, judgement, summary):
                say(line)
        if sys.stdout.isatty() and not exit_after:
            _stay_up()
        return 0 if summary["right"] else 1
    finally:
        notice("stopping ...")
        down(home)


def _main_job(
    home: Home, settings: Settings, stages: Stages, seed: int, null: bool, as_of: datetime
) -> tuple[Truth, Judgement, dict[str, Any]]:
    with stages.stage("start and simulate"), ThreadPoolExecutor(1) as background:
        simulated = background.submit(simulate, seed, null, as_of)
        up(home, settings, detach=True)
        network = simulated.result()
    with stages.stage("bring clinics on board"):
        onboard_clinics(home, settings, {clinic.clinic_id: clinic.name for clinic in network.clinics})
    with stages.stage(f"publish {len(network.messages) + len(network.resent):,} events"):
        _publish(home, settings, network)
    with stages.stage("land, build, audit, release"):
        build_now(home, settings, progress=notice)
    judgement = _judge(home, network)
    conservation = read_conservation(home, settings).as_json()
    address = f"http://127.0.0.1:{settings.dashboard_port}/"
    return network.truth, judgement, demo_summary(judgement, conservation, stages.seconds, stages.total, address)


def _publish(home: Home, settings: Settings, network: SimulatedNetwork) -> None:
    publish_events(home, settings, ((message.clinic_id, message.raw) for message in network.messages))
    # A practice system that lost its memory sends its history once more: it has no outbox that would know.
    again = ((message.clinic_id, message.raw) for message in network.resent)
    publish_events(home, settings, again, outbox_folder=home.outbox / "resent")


def _judge(home: Home, network: SimulatedNetwork) -> Judgement:
    signals = query(home, "select * from mart_clinic_signals", "officer")
    refused = query(home, "select * from mart_quarantine_reasons", "officer")
    return judge_findings(network.truth, signals, refused)


def _stay_up() -> None:
    notice("the dashboard stays up; Ctrl-C stops everything")
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        return
