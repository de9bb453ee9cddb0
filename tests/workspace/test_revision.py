"""Packages in revisions of a git repository, which may be anybody's."""

import os
import subprocess
from pathlib import Path

import pytest
from support.repository import PACKAGE, Repository

from dataflare_lsp.workspace.revision import NoRevision, extract


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "repository")


# What is read --------------------------------------------------------------------------------------------------


def test_a_package_as_it_was(repository: Repository):
    repository.write("wit/app.wit")
    repository.commit("v1")
    repository.write("wit/app.wit", "package corp:other;\n")
    assert repository.files("v1", "wit") == {"wit/app.wit": PACKAGE}


def test_a_package_has_its_dependencies_and_nothing_else(repository: Repository):
    for path in (
        "app.wit",
        "more.wit",
        "notes.md",
        "deps/base/types.wit",
        "deps/base/deep/x.wit",
        "deps/one.wit",
        "src/y.wit",
    ):
        repository.write(f"wit/{path}", path)
    repository.commit("v1")
    assert list(repository.files("v1", "wit")) == [
        "wit/app.wit",
        "wit/deps/base/types.wit",
        "wit/deps/one.wit",
        "wit/more.wit",
    ]


def test_a_file_comes_with_what_is_beside_it(repository: Repository):
    repository.write("wit/app.wit")
    repository.write("wit/more.wit")
    repository.commit("v1")
    assert list(repository.files("v1", "wit/app.wit")) == ["wit/app.wit", "wit/more.wit"]


def test_the_packages_beneath_a_folder(repository: Repository):
    repository.write("a/b/wit/app.wit")
    repository.write("a/c/text.md")
    repository.commit("v1")
    assert list(repository.files("v1", ".")) == ["a/b/wit/app.wit"]


def test_a_package_among_dependencies_has_the_others(repository: Repository):
    repository.write("wit/deps/one/a.wit")
    repository.write("wit/deps/two/b.wit")
    repository.commit("v1")
    assert list(repository.files("v1", "wit/deps/one")) == ["wit/deps/one/a.wit", "wit/deps/two/b.wit"]


def test_paths_count_from_the_directory_asked_from(repository: Repository):
    repository.write("plugins/wit/app.wit")
    repository.commit("v1")
    for path, start in (("wit", "plugins"), ("../wit", "plugins/wit"), (str(repository.folder / "plugins/wit"), ".")):
        assert list(repository.files("v1", path, start)) == ["plugins/wit/app.wit"]


@pytest.mark.parametrize("revision", ["v1", "main", "HEAD", "HEAD~0", "main@{0}"])
def test_revisions_are_named_as_git_names_them(repository: Repository, revision: str):
    repository.write("app.wit")
    repository.commit("v1")
    assert list(repository.files(revision, ".")) == ["app.wit"]


def test_an_encoded_package(repository: Repository):
    repository.write("app.wasm", "\0asm")
    repository.commit("v1")
    assert list(repository.files("v1", "app.wasm")) == ["app.wasm"]


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_links_are_followed_inside(repository: Repository):
    repository.write("shared/wit/base.wit")
    repository.write("plugin/wit/app.wit")
    (repository.folder / "plugin/wit/deps").mkdir()
    (repository.folder / "plugin/wit/deps/base").symlink_to("../../../shared/wit")
    (repository.folder / "plugin/wit/deps/one.wit").symlink_to("../../../shared/wit/base.wit")
    (repository.folder / "current").symlink_to("plugin")
    repository.commit("v1")
    assert list(repository.files("v1", "current/wit")) == [
        "plugin/wit/app.wit",
        "plugin/wit/deps/base/base.wit",
        "plugin/wit/deps/one.wit",
    ]


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_links_lead_nowhere_outside(repository: Repository):
    (repository.folder.parent / "secret.wit").write_text("secret")
    repository.write("wit/app.wit")
    for name, target in (
        ("up", "../../secret.wit"),
        ("far", "../../../../../../../etc/hostname"),
        ("absolute", str(repository.folder.parent / "secret.wit")),
        ("round", "round.wit"),
    ):
        (repository.folder / f"wit/{name}.wit").symlink_to(target)
    repository.commit("v1")
    assert repository.files("v1", "wit") == {"wit/app.wit": PACKAGE}


# What cannot be read -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("revision", "path", "message"),
    [
        ("v2", ".", "there is no revision `v2` in the repository of "),
        ("--all", ".", "there is no revision `--all` in the repository of "),
        (
            "v1",
            "nowhere",
            "there is no `nowhere` in `v1`; if it was elsewhere then, name the path after the revision: `git:REV:PATH`",
        ),
        ("v1", "app.wit/x", "there is no `app.wit/x` in `v1`"),
        ("v1", "../outside", "`../outside` is outside of the repository"),
        ("v1", "notes.md", "`notes.md` in `v1` is neither a directory nor a `.wit` file"),
        ("v\0", ".", "a revision or path cannot have such a name"),
    ],
)
def test_what_is_not_there(repository: Repository, revision: str, path: str, message: str):
    repository.write("app.wit")
    repository.write("notes.md")
    repository.commit("v1")
    with pytest.raises(NoRevision) as wrong:
        repository.files(revision, path)
    assert str(wrong.value).startswith(message)


@pytest.mark.parametrize("path", ["vendor/lib", "vendor/lib/wit"])
def test_a_submodule_is_another_repository(repository: Repository, path: str):
    repository.write("app.wit")
    repository.commit("first")
    oid = repository.git("rev-parse", "HEAD")
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{oid},vendor/lib")
    repository.git("commit", "--quiet", "--message", "A submodule")
    message = f"^there is no `{path}` in `HEAD`: `vendor/lib` is a submodule; ask in it for a revision of its own$"
    with pytest.raises(NoRevision, match=message):
        repository.files("HEAD", path)


def test_a_shallow_clone_lacks_what_is_older(repository: Repository, tmp_path: Path):
    for tag in ("v1", "v2"):
        repository.write("app.wit", f"package corp:app; // {tag}\n")
        repository.commit(tag)
    repository.git("clone", "--quiet", "--depth=1", repository.folder.as_uri(), str(tmp_path / "shallow"))
    shallow = Repository(tmp_path / "shallow")
    assert shallow.files("HEAD", ".") == {"app.wit": "package corp:app; // v2\n"}
    with pytest.raises(
        NoRevision, match=r", which is a shallow clone: fetch the rest by `git fetch --tags --unshallow`$"
    ):
        shallow.files("HEAD~1", ".")


def test_a_linked_worktree_has_the_revisions_of_its_repository(repository: Repository, tmp_path: Path):
    repository.write("wit/app.wit")
    repository.commit("v1")
    repository.write("wit/app.wit", "package corp:other;\n")
    repository.commit("v2")
    repository.git("worktree", "add", "--quiet", str(tmp_path / "linked"), "v2")
    assert extract("v1", "wit", str(tmp_path / "linked"), str(tmp_path / "out")) == str(tmp_path / "out/wit")
    assert (tmp_path / "out/wit/app.wit").read_text() == PACKAGE


def test_no_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    (tmp_path / "plain").mkdir()
    with pytest.raises(NoRevision, match=r"^git finds no repository at "):
        extract("HEAD", ".", str(tmp_path / "plain"), str(tmp_path))


def test_no_git(repository: Repository, monkeypatch: pytest.MonkeyPatch):
    repository.write("app.wit")
    repository.commit("v1")
    monkeypatch.setenv("PATH", str(repository.folder))
    with pytest.raises(NoRevision, match=r"^there is no program `git`"):
        repository.files("v1", ".")


@pytest.mark.skipif(os.name == "nt", reason="there the current directory is no part of PATH")
def test_a_git_of_the_current_directory_is_not_run(repository: Repository, monkeypatch: pytest.MonkeyPatch):
    repository.write("git", "#!/bin/sh\ntouch ran\n")
    (repository.folder / "git").chmod(0o755)
    monkeypatch.chdir(repository.folder)
    monkeypatch.setenv("PATH", ".")
    with pytest.raises(NoRevision, match=r"^there is no program `git`"):
        extract("HEAD", ".", ".", str(repository.folder))
    assert not (repository.folder / "ran").exists()


def test_a_file_that_is_too_large(repository: Repository, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("dataflare_lsp.workspace.revision.MAX_BYTES", 1000)
    repository.write("app.wit", "/" * 1001)
    repository.commit("v1")
    with pytest.raises(NoRevision, match=r"^a file of this revision is larger than "):
        repository.files("v1", ".")


def test_too_many_files(repository: Repository, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("dataflare_lsp.workspace.revision._MOST_FILES", 5)
    for number in range(6):
        repository.write(f"p{number}/app.wit")
    repository.commit("v1")
    with pytest.raises(NoRevision, match=r"^there are more than 5 files and directories to read"):
        repository.files("v1", ".")


# What is not run -----------------------------------------------------------------------------------------------

_RUNS = {
    "core.fsmonitor": "{program}",
    "core.pager": "{program}",
    "core.sshCommand": "{program}",
    "core.gitProxy": "{program}",
    "core.askPass": "{program}",
    "core.editor": "{program}",
    "core.alternateRefsCommand": "{program}",
    "diff.external": "{program}",
    "filter.evil.smudge": "{program}",
    "filter.evil.process": "{program}",
    "diff.evil.textconv": "{program}",
    "alias.rev-parse": "!{program}",
    "alias.cat-file": "!{program}",
    "gpg.program": "{program}",
    "uploadpack.packObjectsHook": "{program}",
}


@pytest.mark.skipif(os.name == "nt", reason="the program is a shell script")
def test_nothing_that_a_repository_names_is_run(repository: Repository):
    marker = repository.folder.parent / "ran"
    program = repository.folder / "evil.sh"
    program.write_text(f"#!/bin/sh\ntouch '{marker}'\nexit 1\n")
    program.chmod(0o755)
    repository.write(".gitattributes", "*.wit filter=evil diff=evil\n")
    repository.write("app.wit")
    repository.commit("v1")
    hooks = repository.folder / ".git" / "hooks"
    for name in ("post-checkout", "post-index-change", "reference-transaction", "fsmonitor-watchman"):
        (hooks / name).write_bytes(program.read_bytes())
        (hooks / name).chmod(0o755)
    for name, value in _RUNS.items():
        repository.git("config", name, value.format(program=program))
    marker.unlink(missing_ok=True)
    assert repository.files("v1", ".") == {"app.wit": PACKAGE}
    assert not marker.exists()


@pytest.mark.skipif(os.name == "nt", reason="the program is a shell script")
@pytest.mark.parametrize("url", ["ext::{program} %S", "file://{folder}", "ssh://host/path", "evil::x"])
def test_what_a_partial_clone_lacks_is_not_fetched(repository: Repository, url: str):
    marker = repository.folder.parent / "ran"
    program = repository.folder.parent / "evil.sh"
    program.write_text(f"#!/bin/sh\ntouch '{marker}'\nexit 1\n")
    program.chmod(0o755)
    repository.write("app.wit")
    repository.commit("v1")
    lost = repository.git("rev-parse", "v1:app.wit")
    (repository.folder / ".git" / "objects" / lost[:2] / lost[2:]).unlink()
    for name, value in {
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.url": url.format(program=program, folder=repository.folder),
        "remote.origin.promisor": "true",
        "remote.origin.uploadpack": str(program),
        "protocol.allow": "always",
        "protocol.ext.allow": "always",
        "core.sshCommand": str(program),
    }.items():
        repository.git("config", name, value)
    with pytest.raises(NoRevision, match=r"^the repository lacks an object of this revision"):
        repository.files("v1", ".")
    assert not marker.exists()


def test_the_environment_does_not_name_another_repository(repository: Repository, monkeypatch: pytest.MonkeyPatch):
    """As it does inside of git's own hooks."""
    repository.write("app.wit")
    repository.commit("v1")
    other = Repository(repository.folder.parent / "other")
    monkeypatch.setenv("GIT_DIR", str(other.folder / ".git"))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(other.folder / ".git" / "objects"))
    assert repository.files("v1", ".") == {"app.wit": PACKAGE}


# Names that no file may have -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["..", ".", ".git", "a\\b", "con"])
def test_names_that_git_would_not_check_out(repository: Repository, name: str):
    """A tree may say what it likes; nothing is written outside of the folder."""
    blob = repository.folder / "blob"
    blob.write_text(PACKAGE)
    oid = repository.git("hash-object", "-w", "blob")
    inner = _tree(repository, {"app.wit": ("100644", oid)})
    outer = _tree(repository, {name: ("40000", inner), "deps": ("40000", inner)})
    commit = repository.git("commit-tree", outer, "-m", "evil")
    written = repository.files(commit, ".")
    assert set(written) <= {f"{name}/app.wit", "deps/app.wit"}
    assert sorted(path.name for path in repository.folder.parent.iterdir()) == ["out1", "repository"]


@pytest.mark.parametrize("data", [b"100644", b"100644 app.wit", b"40000 deps\0short", b" \0", b"\xff" * 40])
def test_a_damaged_tree(repository: Repository, data: bytes):
    commit = repository.git("commit-tree", _raw_tree(repository, data), "-m", "damaged")
    with pytest.raises(NoRevision, match=r"^a directory of this revision is damaged$"):
        repository.files(commit, ".")


def test_a_tree_that_holds_itself_in_many_places(repository: Repository):
    """A few hundred bytes may stand for more directories than there are atoms."""
    repository.write("app.wit")
    tree = _tree(repository, {})
    for _ in range(40):
        tree = _tree(repository, {f"d{number}": ("40000", tree) for number in range(10)})
    commit = repository.git("commit-tree", tree, "-m", "bomb")
    with pytest.raises(NoRevision, match=r"^there are more than 10000 files and directories to read; name a package$"):
        repository.files(commit, ".")


def _tree(repository: Repository, entries: dict[str, tuple[str, str]]) -> str:
    """A tree object with any names at all."""
    data = b"".join(
        f"{mode} {name}".encode() + b"\0" + bytes.fromhex(oid) for name, (mode, oid) in sorted(entries.items())
    )
    return _raw_tree(repository, data)


def _raw_tree(repository: Repository, data: bytes) -> str:
    command = ["git", "hash-object", "-w", "-t", "tree", "--literally", "--stdin"]
    done = subprocess.run(command, cwd=repository.folder, input=data, capture_output=True, check=True)
    return done.stdout.decode().strip()
