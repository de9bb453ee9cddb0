"""The documentation holds together: every link leads somewhere, and every page can be found."""

import re
from pathlib import Path

import pytest
from support.shared import REPOSITORY

PAGES = sorted([*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md")])


def linked_from(page: Path) -> list[Path]:
    """The files of the repository that `page` links to, whether they exist or not."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    targets = [link.split("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]
    return [(page.parent / target).resolve() for target in targets if target]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(REPOSITORY).as_posix())
def test_links_lead_somewhere(page: Path):
    assert [target for target in linked_from(page) if not target.exists()] == []


def test_nothing_is_installed_from_where_it_is_not():
    """The package is not published: whoever follows a page installs it from the repository."""
    pages = [*PAGES, *[path for path in (REPOSITORY / "editors").rglob("*") if path.suffix in (".md", ".txt", ".lua")]]
    command = re.compile(r"\b(?:pipx?|uv tool) install (?:-\S+ )*([^\s`,]+)")
    installed = {what.strip("'\"") for page in pages for what in command.findall(page.read_text(encoding="utf-8"))}
    assert installed == {".", ".[debug]", ".[test]", "git+$DATAFLARE_LSP_REPOSITORY"}


def test_every_page_can_be_reached_from_the_index():
    reached: set[Path] = set()
    ahead = [REPOSITORY / "docs" / "index.md"]
    while ahead:
        page = ahead.pop()
        if page not in reached and page.suffix == ".md" and page.exists():
            reached.add(page)
            ahead += linked_from(page)
    assert [page for page in PAGES if page.is_relative_to(REPOSITORY / "docs") and page not in reached] == []
