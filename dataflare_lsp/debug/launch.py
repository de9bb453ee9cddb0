"""x"""

from typing import NamedTuple


class Configuration(NamedTuple):
    """x"""
