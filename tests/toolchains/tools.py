"""The tools that build plugins: whether they are here, where, and how they come here.

What a package registry has goes into the cache folder of `.ci/run`. Compilers are those on PATH.
"""

import functools
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from support.oracles import Oracle, OracleMissingError, locate, pinned

HERE = Path(__file__).parent
DEBIAN = "clang lld wasi-libc libclang-rt-dev-wasm32"
"""The packages of Debian and Ubuntu for C."""

_WASM = "wasm32-unknown-unknown"


class ToolMissingError(Exception):
    """A tool is not here; the message says which, and how to get it."""


class Tools(NamedTuple):
    """What a plugin is built with: folders for the front of PATH, variables, and what tells it from other tools."""

    folders: tuple[Path, ...]
    variables: Mapping[str, str]
    identity: str

    def environment(self) -> dict[str, str]:
        """All variables for a build."""
        path = os.pathsep.join([*map(str, self.folders), os.environ["PATH"]])
        return {**os.environ, **self.variables, "PATH": path}


def cache() -> Path:
    """The folder for what is kept."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("DATAFLARE_LSP_CI_CACHE") or Path(home) / "dataflare-lsp-ci")


@functools.cache
def find(language: str) -> Tools:
    """What builds plugins in a language. Raises ToolMissingError."""
    return _FINDERS[language]()


def install(language: str) -> None:
    """Put what is missing and can be had from a package registry into the cache."""
    _INSTALLERS[language]()


# Python -------------------------------------------------------------------------------------------------------------


def _python_root() -> Path:
    return cache() / f"componentize-py-{_digest(HERE / 'python' / 'requirements.txt')}"


def _python() -> Tools:
    root = _python_root()
    return Tools((_having(root / "bin", "componentize-py", "python"),), {}, root.name)


def _install_python() -> None:
    root = _python_root()
    if not (root / "bin" / "componentize-py").exists():
        _run([sys.executable, "-m", "venv", "--clear", root])
        _run([root / "bin" / "pip", "install", "-q", "-r", HERE / "python" / "requirements.txt"])


# JavaScript ---------------------------------------------------------------------------------------------------------


def _javascript_root() -> Path:
    return cache() / f"jco-{_digest(HERE / 'javascript' / 'package-lock.json')}"


def _javascript() -> Tools:
    root = _javascript_root()
    return Tools((_having(root / "node_modules" / ".bin", "jco", "javascript"),), {}, root.name)


def _install_javascript() -> None:
    root = _javascript_root()
    if not (root / "node_modules" / ".bin" / "jco").exists():
        root.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / "javascript" / name, root)
        _run(["npm", "ci", "--ignore-scripts", "--no-fund", "--no-audit", "--loglevel=error"], root)


# C ------------------------------------------------------------------------------------------------------------------


def _clang() -> str:
    """The version of the compiler, having seen that it makes programs for WASI."""
    try:
        subprocess.run(
            ["clang", "--target=wasm32-wasi", "-xc", "-", "-o", os.devnull],
            input=b"#include <stdlib.h>\nint main(void) { return 0; }",
            capture_output=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        raise ToolMissingError(f"there is no clang for WASI; on Debian, install {DEBIAN}") from None
    return _said(["clang", "--version"]).splitlines()[0]


def _c() -> Tools:
    clang = _clang()
    folders = (_cargo_tool("wit-bindgen"), _cargo_tool("wasm-tools"))
    try:
        variables = {"WASI_PREVIEW1_ADAPTER": str(_adapter("reactor", "c"))}
    except ToolMissingError:
        variables = {}  # one variant needs it, and says so when it is built
    return Tools(folders, variables, f"{clang} {folders}")


def _install_c() -> None:
    _clang()
    _install_javascript()
    _install_cargo_tool("wit-bindgen")
    _install_cargo_tool("wasm-tools")


def _legacy() -> Tools:
    return Tools((), {}, _clang())


# Rust ---------------------------------------------------------------------------------------------------------------


def _rust_root() -> Path:
    return cache() / "rust-of-debian"


def _rust() -> Tools:
    wasm_tools = _cargo_tool("wasm-tools")
    shared = {"CARGO_TARGET_DIR": str(cache() / "rust-target")}
    if _has_std(shutil.which("rustc")):
        return Tools((wasm_tools,), shared, _said(["rustc", "--version"]))
    debian = _rust_root() / "usr"
    if not (debian / "bin" / "rustc").exists():
        raise ToolMissingError(
            f"rustc has no standard library for {_WASM}: `rustup target add {_WASM}`, "
            "or `python -m tests.toolchains rust`, which builds it from Debian's sources"
        )
    if shutil.which("wasm-ld") is None:
        raise ToolMissingError("wasm-ld is not on PATH; install it, on Debian lld")
    libraries = next((debian / "lib").glob("*-linux-gnu"))
    built_std = {
        "LD_LIBRARY_PATH": str(libraries),
        "RUSTC_BOOTSTRAP": "1",
        "CARGO_UNSTABLE_BUILD_STD": "std,panic_abort",
        f"CARGO_TARGET_{_WASM.upper().replace('-', '_')}_LINKER": "wasm-ld",
    }
    source = os.readlink(debian / "lib" / "rustlib" / "src" / "rust")
    return Tools((debian / "bin", wasm_tools), {**shared, **built_std}, Path(source).name)


def _has_std(rustc: str | None) -> bool:
    if rustc is None:
        return False
    libraries = subprocess.run([rustc, "--print", "target-libdir", "--target", _WASM], capture_output=True, text=True)
    return libraries.returncode == 0 and any(Path(libraries.stdout.strip()).glob("libstd-*.rlib"))


def _install_rust() -> None:
    _install_cargo_tool("wasm-tools")
    if _has_std(shutil.which("rustc")) or (_rust_root() / "usr" / "bin" / "rustc").exists():
        return
    _rust_root().parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=_rust_root().parent, prefix=".installing-") as temporary:
        unpacked = Path(temporary) / "rust"
        for package in _fetched_from_debian(Path(temporary)):
            _run(["dpkg-deb", "--extract", package, unpacked])
        unpacked.rename(_rust_root())


def _fetched_from_debian(folder: Path) -> list[Path]:
    """The packages of a compiler, and of the sources of its standard library. Nothing is installed."""
    (folder / "partial").mkdir()
    options = ["-qq", "--yes", "--no-install-recommends", "--reinstall", "--download-only", "-o", "Debug::NoLocking=1"]
    # Newer compilers have names of their own in a release that is no longer the newest one.
    for names in (("rustc-web", "cargo-web", "rust-web-src"), ("rustc", "cargo", "rust-src")):
        command = ["apt-get", "install", *options, "-o", f"Dir::Cache::archives={folder}", *names]
        if subprocess.run(command).returncode == 0:
            return sorted(folder.glob("*.deb"))
    raise ToolMissingError(f"apt-get has no sources of Rust's standard library; try `rustup target add {_WASM}`")


# Go -----------------------------------------------------------------------------------------------------------------


def _go() -> Tools:
    if shutil.which("go") is None:
        raise ToolMissingError("go is not on PATH; install Go 1.24 or newer")
    variables = {"WASI_PREVIEW1_ADAPTER": str(_adapter("reactor", "go")), "GOTOOLCHAIN": "local"}
    identity = f"{_said(['go', 'version'])} {_javascript_root().name}"
    return Tools((_cargo_tool("wasm-tools"),), variables, identity)


def _install_go() -> None:
    _install_javascript()
    _install_cargo_tool("wasm-tools")


# Programs in C for WASI ---------------------------------------------------------------------------------------------


def _wasi() -> Tools:
    clang, wasm_tools = _clang(), _cargo_tool("wasm-tools")
    adapter = _adapter("command", "wasi")
    return Tools(
        (wasm_tools,), {"WASI_PREVIEW1_ADAPTER": str(adapter)}, f"{clang} {wasm_tools} {_javascript_root().name}"
    )


def _install_wasi() -> None:
    _clang()
    _install_javascript()
    _install_cargo_tool("wasm-tools")


def _adapter(kind: str, language: str) -> Path:
    """What makes the WASI of core modules that of components; jco has it."""
    adapter = _javascript_root() / f"node_modules/@bytecodealliance/jco/lib/wasi_snapshot_preview1.{kind}.wasm"
    if not adapter.exists():
        raise ToolMissingError(f"the adapter for WASI is not here; get it with `python -m tests.toolchains {language}`")
    return adapter


# All ----------------------------------------------------------------------------------------------------------------


def _cargo_root(oracle: Oracle) -> Path:
    return cache() / f"{oracle.crate}-{oracle.version}"


def _cargo_tool(program: str) -> Path:
    """The folder of a tool pinned in `oracles.toml`."""
    oracle = pinned()[program]
    kept = _cargo_root(oracle) / "bin"
    if (kept / program).exists():
        return kept
    try:
        return locate(oracle).parent
    except OracleMissingError as missing:
        raise ToolMissingError(str(missing)) from None


def _install_cargo_tool(program: str) -> None:
    try:
        _cargo_tool(program)
    except ToolMissingError:
        oracle = pinned()[program]
        _run(["cargo", "install", "--quiet", *oracle.arguments, "--root", _cargo_root(oracle)])


def _having(folder: Path, program: str, language: str) -> Path:
    if not (folder / program).exists():
        raise ToolMissingError(f"{program} is not here; get it with `python -m tests.toolchains {language}`")
    return folder


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]


def _run(command: Sequence[str | Path], folder: Path | None = None) -> None:
    subprocess.run(list(map(str, command)), cwd=folder, check=True, stdin=subprocess.DEVNULL)


def _said(command: Sequence[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.strip()


_FINDERS: Mapping[str, Callable[[], Tools]] = {
    "python": _python,
    "javascript": _javascript,
    "c": _c,
    "rust": _rust,
    "go": _go,
    "legacy": _legacy,
    "wasi": _wasi,
}
_INSTALLERS: Mapping[str, Callable[[], None]] = {
    "python": _install_python,
    "javascript": _install_javascript,
    "c": _install_c,
    "rust": _install_rust,
    "go": _install_go,
    "legacy": lambda: None,
    "wasi": _install_wasi,
}
