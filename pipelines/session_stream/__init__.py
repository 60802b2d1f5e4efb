"""The stream: reads what clinics publish, judges each event, and passes it on without its patient reference (Faust)."""
