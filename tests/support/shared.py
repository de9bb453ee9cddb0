"""Where the conformance cases and the corpus lie. They are not part of the repository.

The folder is named by the environment variable DATAFLARE_LSP_SHARED, and is otherwise `shared` beside the
repository. Tests that need it are skipped where it is absent.
"""

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("DATAFLARE_LSP_SHARED") or REPOSITORY.parent / "shared")
CONFORMANCE = SHARED / "conformance"
CORPUS = SHARED / "corpus"


def needs(folder: Path) -> pytest.MarkDecorator:
    """A mark that skips a test where `folder` is absent."""
    return pytest.mark.skipif(
        not folder.is_dir(), reason=f"there is no folder {folder}; name its parent by DATAFLARE_LSP_SHARED"
    )
