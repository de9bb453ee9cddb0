"""What all parts of the server share."""

import itertools

from dataflare_lsp.server.background import Background
from dataflare_lsp.server.client import Client
from dataflare_lsp.server.documents import Documents
from dataflare_lsp.server.outlet import Outlet
from dataflare_lsp.server.progress import Progress
from dataflare_lsp.server.settings import Settings
from dataflare_lsp.server.tokens import TokenWriter
from dataflare_lsp.server.view import View
from dataflare_lsp.workspace.workspace import Workspace


class State:
    """The workspace of one client, and the ways to both."""

    def __init__(self, client: Client, outlet: Outlet, background: Background) -> None:
        self.client = client
        self.outlet = outlet
        self.background = background
        self.settings = Settings()
        self.workspace = Workspace()
        self.documents = Documents(self.workspace, client.encoding)
        self.tokens = TokenWriter(client.encoding)
        self._tokens = itertools.count()
        self.waiting: dict[str, None] = {}
        """Open files whose roots are still being read."""

    def progress(self, title: str) -> Progress:
        """A new piece of work whose progress the client may show."""
        return Progress(self.outlet, f"dataflare-{next(self._tokens)}", self.client.progress, title)

    def view(self) -> View:
        """The workspace as it is now, for this client."""
        return View(self.workspace.snapshot(), self.client, self.documents.uri, self.documents.version)
