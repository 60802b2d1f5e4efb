"""Bugs for a worker of the stream, each of which loses or doubles events, with what brings it to light.

Python that runs in the worker before it begins (`StreamNetwork.start_worker`).
"""

# An exception is swallowed, and what raised it counts as done.
ACKNOWLEDGE_ON_EXCEPTION = """
decide, decide_batch = app.decide, app.SessionStream._decide
def failing(records, source, keys, erased):
    if any(record.offset == 3 for record in records):
        raise KeyError("offset 3")
    return decide(records, source, keys, erased)
async def acknowledging(self, batch, outputs):
    try:
        await decide_batch(self, batch, outputs)
    except KeyError:
        batch.is_decided = True
app.decide, app.SessionStream._decide = failing, acknowledging
"""

# What was decided is committed while its outputs are still under way, and then the worker is killed.
COMMIT_BEFORE_CONFIRMATION = """
from session_stream import confirmations, outputs
confirmations.RecordBatch.is_confirmed = property(lambda batch: batch.is_decided)
async def under_way(self, place, opened):
    pass
outputs.Outputs._send = under_way
"""

# The broker refuses outputs, and nobody is told.
SWALLOWED_FAILED_SEND = """
import asyncio
from functools import partial
from session_stream import outputs
send = outputs.Outputs._send
async def refused(self, place, opened):
    if place[0] != "network.events":
        return await send(self, place, opened)
    sent = asyncio.get_running_loop().create_future()
    sent.add_done_callback(partial(self._done, opened.inputs))
    sent.set_exception(OSError("refused"))
def swallowing(self, inputs, sent):
    sent.exception()
    for batch in inputs:
        batch.outputs_open -= 1
    self._on_confirmed()
outputs.Outputs._send, outputs.Outputs._done = refused, swallowing
"""

# The first batch of a partition is late; those behind it are committed, and then the worker is killed.
COMMIT_PAST_A_GAP = """
from session_stream import confirmations
confirmations.end_of_confirmed_run = lambda batches: max((b.end for b in batches if b.is_confirmed), default=None)
app._SETTINGS["broker_max_poll_records"] = 8
decide_batch = app.SessionStream._decide
async def late(self, batch, outputs):
    if batch.first:
        await decide_batch(self, batch, outputs)
app.SessionStream._decide = late
"""

DROPPED_QUARANTINE_RECORD = """
decide = app.decide
app.decide = lambda *given: [output for output in decide(*given) if output.topic != "network.quarantine"]
"""

ONE_LOST = """
decide = app.decide
def losing(records, source, *given):
    one = [record for record in records if (source.partition, record.offset) != (0, 5)]
    return decide(one, source, *given)
app.decide = losing
"""

ONE_DOUBLED = """
from types import SimpleNamespace
decide = app.decide
def doubling(records, source, *given):
    again = [
        SimpleNamespace(offset=record.offset + 1000, timestamp=record.timestamp, value=record.value)
        for record in records if (source.partition, record.offset) == (0, 5)
    ]
    return decide([*records, *again], source, *given)
app.decide = doubling
"""

# The topic was made anew since the worker learnt its id, and it does not look again.
RE_CREATED_TOPIC = """
import dataclasses
from session_stream import worker
look_up = worker.look_up
worker.look_up = lambda *given: {
    topic: dataclasses.replace(found, topic_id="FORMER_ID") for topic, found in look_up(*given).items()
}
"""

# A worker that has a bug reads one clinic alone.
ONLY_ONE_CLINIC = """
from session_stream import clinics_followed
list_clinics = clinics_followed.list_clinics
clinics_followed.list_clinics = lambda registry: [c for c in list_clinics(registry) if c.clinic_id == "CLINIC_ID"]
"""
