"""A session: what happens in it, from the first text that is opened to the last change on disk."""

import asyncio
import gc
import logging
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Final

from dataflare_lsp.server.background import Background, Job
from dataflare_lsp.server.baselines import Baselines
from dataflare_lsp.server.capabilities import Json
from dataflare_lsp.server.client import Client
from dataflare_lsp.server.documents import Change
from dataflare_lsp.server.folders import Folders
from dataflare_lsp.server.outlet import Outlet, Refused
from dataflare_lsp.server.plugins import Plugins
from dataflare_lsp.server.pulled import Pulled
from dataflare_lsp.server.pushed import Pushed
from dataflare_lsp.server.recordings import Recordings
from dataflare_lsp.server.settings import SECTION, settings_of
from dataflare_lsp.server.state import State
from dataflare_lsp.server.validation import Validation
from dataflare_lsp.server.view import View
from dataflare_lsp.server.watch import Watch
from dataflare_lsp.workspace.roots import is_encoded, is_manifest
from dataflare_lsp.workspace.uris import file_of, is_on_disk

logger = logging.getLogger(__name__)

_WARNING: Final = 2
_POLL = 1.0
"""Seconds between two looks at the disk."""
_RARELY = 30.0
"""The same where the client watches: it may miss a folder that is moved, and what lies outside of its own."""
_SHARE = 20
"""Looking at the disk takes at most one of so many parts of the time."""
_PAUSE = 1.0
"""Seconds without an edit after which there is time to tidy up."""
_LOADING: Final[tuple[Job, ...]] = ("open", "load")
_SOON = 0.02
_WATCHED: Final = "workspace/didChangeWatchedFiles"
_GLOBS: Final = ("**/*.wit", "**/dataflare.toml", "**/deps/*.{wasm,wat}", "**/deps", "**/.gitignore")


class Session:
    """One client's session. Its methods are called between messages, on one thread."""

    def __init__(self, client: Client, options: object, outlet: Outlet, resume: Callable[[], None]) -> None:
        """`resume` is called when the root of an open file is there, so that requests about it can be answered."""
        self.state = State(client, outlet, Background(asyncio.get_running_loop()))
        self._baselines = Baselines(self.state.workspace, lambda manifest: self.plugins.stale((manifest,)))
        self.plugins = Plugins(self.state.workspace, self.state.background, self._differs, self._compared)
        self.validation = Validation(self.state, self.plugins)
        self.recordings = Recordings(self.state, lambda manifest: self.plugins.compare_anew((manifest,)))
        self.pulled = Pulled(self.state, self.plugins.settle) if client.pulls_diagnostics else None
        self._reports = self.pulled or Pushed(self.state)
        self._folders = Folders(self.state.workspace, self.state.documents, lambda root: self._stale((root,)))
        self._add_folders(client.folders)
        self._resume = resume
        self._tasks: set[asyncio.Task[None]] = set()
        self._watch = Watch()
        self._globs: tuple[str, ...] = ()
        """What the client watches for the sake of manifests."""
        self._asking_to_watch = False
        self._changed: dict[str, None] = {}
        self._unscanned = True
        self._last_edit = time.monotonic()
        self._untidy = True
        self._configure(options)

    def view(self) -> View:
        """The workspace as it is now."""
        return self.state.view()

    def begin(self) -> None:
        """The client is ready."""
        if self.state.client.configuration:
            self._spawn(self._ask_settings())
        self._register()
        self.state.background.start("load", self._load())
        self._later(_POLL, self._poll)
        self._later(_POLL, self._poll_named)

    def end(self) -> None:
        """The client is gone."""
        self.validation.end()
        self.recordings.end()

    def flush(self) -> None:
        """No message is waiting: do what follows from those that came."""
        self._reports.flush()

    # Texts ----------------------------------------------------------------------------------------------------

    def open(self, uri: str, version: int, text: str) -> None:
        """A text is opened."""
        if is_encoded(uri) or (uri.endswith(".toml") and not is_manifest(uri)):
            return
        self._touch()
        file = self.state.documents.open(uri, version, text)
        self._edited(file)
        if not self._folders.has(file):
            self.state.waiting[file] = None
            if not self.state.background.is_at("open"):
                self.state.background.start("open", self._open())

    def change(self, uri: str, version: int, changes: Sequence[Change]) -> None:
        """A text is edited."""
        self._touch()
        file = self.state.documents.change(uri, version, changes)
        if file is not None:
            self._edited(file)

    def close(self, uri: str) -> None:
        """A text is closed: what is on disk counts again."""
        self._touch()
        twins = self._roots_of_twins(file_of(uri))
        file = self.state.documents.close(uri)
        self._stale(twins)
        self.state.tokens.forget(file)
        self._set_ready(file)
        self._stale(self.state.workspace.snapshot().owners.get(file, ()))
        self._folders.close(file)
        self._reports.gone((file,))

    def _edited(self, file: str) -> None:
        self._reports.edited(file)
        self.plugins.edited(file)
        self._stale(self._roots_of_twins(file))

    def _stale(self, roots: tuple[str, ...]) -> None:
        if roots:
            self._reports.stale(roots)
            self.plugins.stale(roots)

    def _roots_of_twins(self, file: str) -> tuple[str, ...]:
        """The roots that have an open file under another path, through a link."""
        twins = self.state.workspace.twins(file)
        if not twins:
            return ()
        owners = self.state.workspace.snapshot().owners
        return tuple([root for twin in twins for root in owners.get(twin, ())])

    def save(self, uri: str) -> None:
        """A text is written to disk: what package it names counts for the files beside it."""
        file = file_of(uri)
        if file in self.state.documents and self._folders.is_alone(file):
            self.state.background.start("open", self._open((file,)))
        self._baselines.saved(file)

    def is_waiting(self, uri: str) -> bool:
        """Whether the root of an open text is still being read."""
        return bool(self.state.waiting) and file_of(uri) in self.state.waiting

    def _open(self, again: Iterable[str] = ()) -> Iterator[None]:
        """Find and read the roots of files just opened."""
        pending = dict.fromkeys(again)
        while pending or self.state.waiting:
            file = next(iter(pending or self.state.waiting))
            try:
                yield from self._folders.open(file)
            except Exception:
                logger.exception("the package of %s cannot be found", file)
            pending.pop(file, None)
            self._set_ready(file)

    def _set_ready(self, file: str) -> None:
        if file in self.state.waiting:
            del self.state.waiting[file]
            self._reports.edited(file)
            self.plugins.edited(file)
            self._reports.flush()
            self._resume()

    # Folders and the disk -------------------------------------------------------------------------------------

    def change_folders(self, added: Iterable[str], removed: Iterable[str]) -> None:
        """Folders, by URI, come and go."""
        gone = set(map(file_of, removed))
        self._folders.paths = [path for path in self._folders.paths if path not in gone]
        self._add_folders(added)
        self._rescan()

    def _add_folders(self, uris: Iterable[str]) -> None:
        for folder in map(self.state.documents.folder, uris):
            if is_on_disk(folder) and folder not in self._folders.paths:
                self._folders.paths.append(folder)

    def notice(self, files: Iterable[str], moved: bool) -> None:
        """Files changed on disk; `moved`: some came or went."""
        self._changed.update(dict.fromkeys(files))
        # A manifest says what its plugin's package depends on.
        self._unscanned = self._unscanned or moved or any(map(is_manifest, self._changed))
        self.state.background.start("load", self._load())

    def told(self, events: Iterable[tuple[str, bool]]) -> None:
        """The client has seen files change; with each, whether it came or went.

        What only a manifest names, as the component that a build writes, is no reason to look at everything.
        """
        workspace = self.state.workspace
        others = [one for one in events if not self.plugins.written(one[0]) or one[0] in workspace.sources]
        if others:
            self.notice([file for file, _ in others], any(moved for _, moved in others))

    def _rescan(self) -> None:
        self.notice((), True)

    def _load(self) -> Iterator[None]:
        """Read what is new or has changed, and find out what packages there are."""
        state = self.state
        while self._changed:
            file = next(iter(self._changed))
            del self._changed[file]
            if file in state.workspace.sources and file not in state.documents:
                try:
                    yield from state.workspace.reading(file)
                except GeneratorExit:
                    self._changed[file] = None  # the job is begun anew
                    raise
                self._stale(state.workspace.snapshot().owners.get(file, ()))
            yield
        if self._unscanned:
            progress = state.progress("Reading WIT packages")
            yield from self._folders.scan(progress.report)
            progress.end()
            self._unscanned = False
            self._untidy = True
        self._reports.loaded()

    def _later(self, seconds: float, act: Callable[[], None]) -> None:
        asyncio.get_running_loop().call_later(seconds, act)

    def _poll(self) -> None:
        background = self.state.background
        if self._untidy and time.monotonic() - self._last_edit > _PAUSE:
            background.start("tidy", self._tidy())
        if background.is_at("load"):
            self._later(_POLL, self._poll)
        else:
            usual = _RARELY if self.state.client.watches_files else _POLL
            steps = self._watch.look(self._folders.watched(), time.time, self.notice)
            background.start("poll", self._look(steps, usual, self._poll))

    def _poll_named(self) -> None:
        """Look at what manifests name, also for a client that watches: few exclude their own files from it, many what
        is built."""
        self.state.background.start("named", self._look(self.plugins.looking(), _POLL, self._poll_named))

    def _look(self, steps: Iterator[None], usual: float, again: Callable[[], None]) -> Iterator[None]:
        spent = 0.0
        while True:
            begun = time.perf_counter()
            try:
                next(steps)
            except StopIteration:
                break
            spent += time.perf_counter() - begun
            yield
        self._later(max(usual, spent * _SHARE), again)

    def is_of_workspace(self, file: str) -> bool:
        """Whether a file lies in one of the folders, or is one that a manifest names or a package has."""
        known = bool(self.plugins.naming(file)) or file in self.state.workspace.sources
        return known or self._folders.is_within(file)

    async def loaded(self) -> None:
        """Wait until all that is there is read and compared."""
        while any(map(self.state.background.is_at, _LOADING)):
            await asyncio.sleep(_SOON)
        self.plugins.settle_all()

    # Plugins --------------------------------------------------------------------------------------------------

    def _differs(self, files: Iterable[str]) -> None:
        """What was found in plugins makes a difference for some files."""
        self._reports.gone(files)

    def _compared(self, manifest: str) -> None:
        """What can be found out of a plugin at once is known."""
        self._baselines.compared(manifest)
        self.validation.consider(manifest)
        self.recordings.consider(manifest)
        if self.state.client.watches_files and not self._asking_to_watch:
            self._asking_to_watch = True
            self._later(_PAUSE, self._watch_named)

    def _watch_named(self) -> None:
        """Have the client watch what manifests name."""
        self._asking_to_watch = False
        globs = tuple(dict.fromkeys(filter(None, map(self._folders.glob, self.plugins.named()))))
        if globs == self._globs:
            return
        outlet = self.state.outlet
        named = {"id": "dataflare-named", "method": _WATCHED}
        if self._globs:
            outlet.urge("client/unregisterCapability", {"unregisterations": [{**named}]})
        if globs:
            watchers: list[Json] = [{"globPattern": glob} for glob in globs]
            registration: Json = {**named, "registerOptions": {"watchers": watchers}}
            outlet.urge("client/registerCapability", {"registrations": [registration]})
        self._globs = globs

    # Memory ---------------------------------------------------------------------------------------------------

    def _touch(self) -> None:
        self._last_edit = time.monotonic()
        self._untidy = True

    def _tidy(self) -> Iterator[None]:
        """Forget what is derived from what is no more, and look for garbage among what is new since the last time."""
        self._untidy = False
        yield from self.state.workspace.sweeping()
        gc.collect()
        gc.freeze()

    # Settings -------------------------------------------------------------------------------------------------

    def change_settings(self, settings: object) -> None:
        """The settings changed; clients that can be asked send none."""
        if self.state.client.configuration:
            self._spawn(self._ask_settings())
        else:
            self._configure(settings)

    async def _ask_settings(self) -> None:
        answer = await self.state.outlet.ask("workspace/configuration", {"items": [{"section": SECTION}]})
        if isinstance(answer, list) and answer and answer[0] is not None:
            self._configure(answer[0])

    def _configure(self, value: object) -> None:
        settings, wrong = settings_of(value)
        for one in wrong:
            self.state.outlet.tell("window/showMessage", {"type": _WARNING, "message": str(one)})
        before, self.state.settings = self.state.settings, settings
        if settings.features != before.features:
            self.state.workspace.switch_features(settings.features)
        if settings.validation != before.validation:
            self.plugins.stale(self.state.workspace.roots)
        if (settings.features, settings.diagnostics) != (before.features, before.diagnostics):
            self._reports.everything()
            self.plugins.stale(self.state.workspace.roots)
        self._baselines.switch(settings.baseline)

    def _register(self) -> None:
        client = self.state.client
        wanted: list[Json] = []
        if client.watches_files:
            watchers: list[Json] = [{"globPattern": glob} for glob in _GLOBS]
            options: dict[str, Json] = {"watchers": watchers}
            wanted.append({"id": "dataflare-files", "method": _WATCHED, "registerOptions": options})
        if client.configuration_registration:
            method = "workspace/didChangeConfiguration"
            wanted.append({"id": "dataflare-settings", "method": method, "registerOptions": {"section": SECTION}})
        if wanted:
            self.state.outlet.urge("client/registerCapability", {"registrations": wanted})

    def _spawn(self, work: Coroutine[object, None, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        with suppress(asyncio.CancelledError):
            error = task.exception()
            if isinstance(error, Refused):
                logger.info("the client refuses: %s", error)
            elif error is not None:
                logger.error("a request to the client failed", exc_info=error)
