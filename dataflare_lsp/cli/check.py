"""`dataflare-lsp check`: the mistakes in packages."""

import os
import sys

from dataflare_lsp.cli.failure import Failure
from dataflare_lsp.cli.options import Arguments
from dataflare_lsp.cli.results import Keep, Results, results_of
from dataflare_lsp.text import nearest
from dataflare_lsp.workspace.disk import ForeignEncoding, text_of
from dataflare_lsp.workspace.roots import NoSuchPath, Root, find_roots, is_encoded, is_manifest
from dataflare_lsp.workspace.workspace import Features, load


def run(arguments: Arguments) -> int:
    """Check what the arguments name, and print what was found."""
    keep = filter_of(arguments)
    features = features_of(arguments)
    _refuse_contradictions(arguments)
    texts = _standard_input(arguments)

    missing: list[str] = []

    def find() -> list[Root]:
        roots, missing[:] = roots_of(arguments.operands or tuple(texts) or (".",), texts)
        return roots

    def tell(results: Results, complete: bool, fixed: int = 0) -> int:
        code = report(results, complete and not missing, arguments, fixed)
        if missing:
            from dataflare_lsp.cli.terminal import complain

            sys.stdout.flush()
            for message in missing:
                complain(message)
        return code

    def check(roots: list[Root]) -> int:
        fixed = 0
        if arguments.has("--baseline"):
            from dataflare_lsp.cli.baselines import ask_for_baselines

            missing.extend(ask_for_baselines(workspace))
        if concern(roots):
            from dataflare_lsp.cli.components import look_into

            look_into(workspace, roots, arguments.has("--instantiate"))
        if arguments.has("--fix"):
            from dataflare_lsp.cli.fix import apply_fixes

            fixed = apply_fixes(workspace, roots, keep)
        return tell(results_of(workspace, roots, keep), not workspace.unreadable, fixed)

    roots = find()
    # A manifest is judged by what the others are: it wants them all in one place.
    apart = len(roots) > 1 and not concern(roots) and not arguments.has("--baseline")
    if apart and not (texts or arguments.has("--fix") or arguments.has("--watch")):
        from dataflare_lsp.cli.parallel import check as check_in_parallel

        return tell(*check_in_parallel(roots, features, keep))
    workspace = load(roots, features, texts)
    if arguments.has("--world"):
        from dataflare_lsp.cli.components import with_wanted_world

        with_wanted_world(workspace, arguments)
    code = check(roots)
    if arguments.has("--watch"):
        from dataflare_lsp.cli.watch import watch

        watch(workspace, roots, find, check)
    return code


def concern(roots: list[Root]) -> bool:
    """Whether some roots may have components."""
    return any(is_manifest(root.path) or is_encoded(root.path) for root in roots)


def _refuse_contradictions(arguments: Arguments) -> None:
    if arguments.has("--world") != arguments.has("--wit"):
        given, other = ("--world", "--wit") if arguments.has("--world") else ("--wit", "--world")
        raise Failure(f"`{given}` needs `{other}`: a component is compared with a world of a package")
    for option in ("--fix", "--watch"):
        if arguments.has("--stdin-filename") and arguments.has(option):
            raise Failure(f"`{option}` needs files, and `--stdin-filename` says that the text is on standard input")


def _standard_input(arguments: Arguments) -> dict[str, str]:
    """The text on standard input, by the absolute path of the file that it stands for."""
    if not arguments.has("--stdin-filename"):
        return {}
    path = os.path.abspath(arguments.value("--stdin-filename"))
    if not path.endswith(".wit"):
        raise Failure(f"`{arguments.value('--stdin-filename')}` is not the name of a `.wit` file")
    text = text_of(sys.stdin.buffer.read())
    if isinstance(text, ForeignEncoding):
        raise Failure(f"cannot check the text on standard input: it is {text.name}; WIT is UTF-8")
    return {path: text}


def features_of(arguments: Arguments) -> Features:
    """The features that the options switch on; None for all."""
    return None if arguments.has("--all-features") else frozenset(arguments.all("--features"))


def filter_of(arguments: Arguments) -> Keep:
    """What `--select` and `--ignore` say. Raises `Failure` for a code that does not exist."""
    for code in (*arguments.all("--select"), *arguments.all("--ignore")):
        require_code(code)
    return Keep(frozenset(arguments.all("--select")), frozenset(arguments.all("--ignore")))


def require_code(code: str) -> None:
    """Raise `Failure` unless the code exists."""
    from dataflare_lsp.cli.codes import severities

    known = severities()
    if code not in known:
        near = nearest(code, known)
        hint = f"did you mean `{near}`?" if near else "`dataflare-lsp explain` lists all codes"
        raise Failure(f"there is no diagnostic `{code}`; {hint}")


def roots_of(paths: tuple[str, ...], texts: dict[str, str], verb: str = "check") -> tuple[list[Root], list[str]]:
    """The roots that paths stand for, and for each path that stands for none a sentence: we cannot `verb` it.

    Raises `Failure` where there is no root at all.
    """
    missing: list[NoSuchPath] = []
    roots = find_roots((*paths, *texts), texts, missing, verb == "check")
    said = [f"cannot {verb} `{wrong.path}`: {wrong.reason}" for wrong in missing]
    if not roots:
        raise Failure("; ".join(said))
    return roots, said


def report(results: Results, complete: bool, arguments: Arguments, fixed: int = 0) -> int:
    """Print the results in the format asked for. Returns the exit code: 2 where not all could be read."""
    deny_warnings = arguments.has("--deny")
    match arguments.value("--format", "text"):
        case "json":
            from dataflare_lsp.cli.output.json import render

            _for_programs(render(results))
        case "sarif":
            from dataflare_lsp.cli.output import sarif

            _for_programs(sarif.render(results, complete))
        case "github":
            from dataflare_lsp.cli.output import github

            _for_programs(github.render(results))
        case "gitlab":
            from dataflare_lsp.cli.output import gitlab

            _for_programs(gitlab.render(results))
        case "junit":
            from dataflare_lsp.cli.output import junit

            _for_programs(junit.render(results, deny_warnings))
        case _:
            _for_people(results, fixed)
    if not complete:
        return 2
    return int(bool(results.count("error") or (deny_warnings and results.count("warning"))))


def _for_people(results: Results, fixed: int) -> None:
    from dataflare_lsp.cli.output.summary import summary
    from dataflare_lsp.cli.terminal import style_of, width_of, write

    style = style_of(sys.stdout)
    if results.found:
        from dataflare_lsp.cli.output.text import render

        write(render(results, style, width_of(sys.stdout)))
    write(summary(results, fixed, style))


def _for_programs(text: str) -> None:
    """Print in UTF-8; what has no place in it (bytes that were none) becomes a replacement character."""
    import re

    from dataflare_lsp.cli.terminal import write_bytes

    write_bytes(re.sub("[\ud800-\udfff]", "\ufffd", text).encode())
