"""Names and texts as SQL writes them, whatever stands in them. Pure."""


def name(table: str) -> str:
    """`table` or `schema.table`."""
    return ".".join(quoted(part) for part in table.split(".", 1))


def quoted(word: str) -> str:
    """One name, dots and all."""
    return '"' + word.replace('"', '""') + '"'


def text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
