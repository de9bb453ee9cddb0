"""The way in which a command ends when it could not do its job."""


class Failure(Exception):
    """The job could not be done; the message is a sentence for the user."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
