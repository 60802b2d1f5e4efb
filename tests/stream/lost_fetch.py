"""A fault for `StreamNetwork.start_worker`: the worker's first fetch is lost, with aiokafka's positions past it."""

FIRST_FETCH_IS_LOST = """
consumer = record_batches.RecordBatchConsumer
wait = consumer._wait_next_records
async def losing(self, timeout):
    fetched, active = await wait(self, timeout)
    if fetched and not hasattr(self, "has_lost"):
        self.has_lost = True
        fetched = {}
    return fetched, active
consumer._wait_next_records = losing
"""
