"""Why an upload is refused: a stable code for the program and one sentence for the person who sent it."""


class Refused(Exception):
    """The upload is not accepted; `code` is stable, `message` says what is wrong and what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class ImageRefused(Refused):
    """The picture is not accepted."""


def polyglot(what: str) -> Refused:
    """`what` also holds another kind of file: nothing says which of the two a program will open."""
    return Refused(
        "polyglot",
        f"This {what} has another file hidden inside it and is not accepted. Save it again in the program "
        "it comes from.",
    )


def truncated(what: str) -> Refused:
    """The end of the file is missing."""
    return Refused("truncated", f"This {what} is cut off: its end is missing. Send the original file again.")


def malformed(what: str) -> Refused:
    """The file breaks the rules of its own format."""
    return Refused("malformed", f"This {what} is damaged and cannot be read. Send the original file again.")
