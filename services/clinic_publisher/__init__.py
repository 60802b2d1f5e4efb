"""The clinic's side: keeps its events in a durable outbox, sends them, and hears what became of them."""
