"""What `python -m tests.toolchains` has built, found and compiled for tests."""

import os
from pathlib import Path

import pytest
from toolchains.builds import Built, kept
from toolchains.tools import ToolMissingError, cache, find
from toolchains.variants import VARIANTS

from dataflare_lsp.runtime.cache import Cache
from dataflare_lsp.runtime.validation import Valid, validate

REQUIRED = ("python", "javascript", "c", "legacy", "wasi")
"""The languages that cannot be missing where DATAFLARE_LSP_REQUIRE_TOOLCHAINS is 1."""

HOME = cache() / "home"
"""The user's cache folder in these tests: what was compiled stays there from run to run."""


def plugin(language: str, name: str) -> Built:
    """The variant of a plugin as it was built. The test is skipped, or fails, where it was not."""
    variant = next(variant for variant in VARIANTS if variant.name == name)
    try:
        built = kept(language, variant, find(language))
        reason = f"it is not built: `python -m tests.toolchains {language}`"
    except ToolMissingError as missing:
        built, reason = None, str(missing)
    if built is None:
        if language in REQUIRED and os.environ.get("DATAFLARE_LSP_REQUIRE_TOOLCHAINS") == "1":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    return built


def compiled(component: Path) -> Valid:
    """The component, compiled once and for all runs of the tests."""
    outcome = validate(str(component), Cache(str(HOME / "dataflare-lsp" / "compiled")))
    assert isinstance(outcome, Valid)
    return outcome
