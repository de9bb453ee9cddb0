"""The one way in which lowering fails."""


class Unresolvable(Exception):  # noqa: N818  (what the package then is)
    """The packages have errors, so that they have no resolved form. The message is for developers, not for users."""
