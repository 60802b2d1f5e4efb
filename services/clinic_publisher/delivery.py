"""Deliver one clinic's outbox: find the broker, hear what came back, send what is queued, wait until it has landed."""

import time

from clinic_publisher import receipts
from clinic_publisher.broker_access import BrokerUnreachable, BrokerView, end_offsets, look, try_credential
from clinic_publisher.dispatch import Dispatch
from clinic_publisher.sending import send_queued

_RETRY_SECONDS = 1.0
# Without a receipt for so long, look whether broker and topics are still the same ones.
_LOOK_AGAIN_SECONDS = 10.0


def deliver(dispatch: Dispatch, wait: bool) -> None:
    """Send everything, and with `wait` stay until it has landed or `patience.landing_s` passed without news.

    Raises `AccessRefused`, or `BrokerUnreachable`: at once when the broker has answered no clinic of this publish,
    after `patience.outage_s` when it goes away in the middle. Every event that was not sent is still in the outbox.
    """
    last_news, is_admitted = None, False
    while not dispatch.stopped.is_set():
        try:
            if not is_admitted:
                try_credential(dispatch.connection, dispatch.clinic_id)
                is_admitted = True
                dispatch.contact.heard()
            view = look(dispatch.connection, dispatch.clinic_id)
            dispatch.contact.heard()
            _exchange(dispatch, view)
            last_news = last_news or time.monotonic()
            before = dispatch.outbox.tally().unlanded
            if not wait or _landed(dispatch, view):
                return
            if dispatch.outbox.tally().unlanded < before:
                last_news = time.monotonic()
            elif time.monotonic() - last_news > dispatch.patience.landing_s:
                return
        except BrokerUnreachable as outage:
            _bear(dispatch, outage)


def _exchange(dispatch: Dispatch, view: BrokerView) -> None:
    """Queue again what the broker has lost, read the receipts that are there, and send."""
    outbox = dispatch.outbox
    if outbox.tally().unlanded:
        ends = end_offsets(dispatch.connection, dispatch.clinic_id, view)
        if lost := outbox.requeue_lost(view.cluster_id, view.events_topic_id, ends):
            dispatch.meter.notice(f"{dispatch.clinic_id}: the broker no longer has {lost} events; they are sent again")
        receipts.catch_up(dispatch, view)
    send_queued(dispatch, view)


def _landed(dispatch: Dispatch, view: BrokerView) -> bool:
    """Read receipts until everything has landed with its verdict, or nothing comes for a while."""

    def done() -> bool:
        ours = dispatch.outbox.tally(dispatch.run)
        dispatch.meter.at("landed", dispatch.clinic_id, ours.landed, ours.total)
        return not dispatch.outbox.tally().unlanded and not ours.undecided

    return receipts.follow(dispatch, view, done, min(_LOOK_AGAIN_SECONDS, dispatch.patience.landing_s))


def _bear(dispatch: Dispatch, outage: BrokerUnreachable) -> None:
    """Wait a moment and let the caller try again; raise the outage when it has lasted too long."""
    if dispatch.contact.silent_for() > dispatch.patience.outage_s or dispatch.stopped.is_set():
        raise outage
    dispatch.meter.notice(f"{outage}; the events wait in the outbox")
    dispatch.stopped.wait(_RETRY_SECONDS)
