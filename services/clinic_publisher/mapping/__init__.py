"""The mapping language: how the rows of a table become events. `docs/mapping.md` is its page."""
