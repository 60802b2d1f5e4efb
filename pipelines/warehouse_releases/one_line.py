"""What an error says, as the one line that whoever asked is told. Pure."""


def in_one_line(error: BaseException | str) -> str:
    return " ".join(str(error).split())
