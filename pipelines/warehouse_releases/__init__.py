"""From the stream to a release: land segments, build the warehouse, audit it, release it, and let it be read."""
