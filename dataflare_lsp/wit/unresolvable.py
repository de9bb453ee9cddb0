"""The one way in which lowering fails."""


class Unresolvable(Exception):
    """The packages have errors, so that they have no resolved form. The message is for developers, not for users."""
