"""Other ways to write the session stream, with the same decisions and outputs: what `bench stream` compares."""
