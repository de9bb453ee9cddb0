"""Writing files so that at every moment the old text or the new one is there, whole."""

import os
import stat

from dataflare_lsp.cli.failure import Failure
from dataflare_lsp.workspace.disk import Unreadable, read_bytes, reason_of
from dataflare_lsp.workspace.paths import shown_path


def replace_text(path: str, old: str, new: str) -> None:
    """Give a file that was read as `old` the text `new`; permissions and links stay.

    Lone surrogates stand for bytes that are not UTF-8, as in `read_text`. Raises `Failure` where the file cannot be
    written, and where somebody else has written it since.
    """
    target = os.path.realpath(path)
    shown = shown_path(path)
    on_disk = read_bytes(target)
    if isinstance(on_disk, Unreadable):
        raise Failure(f"cannot write `{shown}`: {on_disk.reason}")
    if on_disk != old.encode("utf-8", "surrogateescape"):
        raise Failure(f"cannot write `{shown}`: it was changed by someone else meanwhile")
    directory, name = os.path.split(target)
    temporary = os.path.join(directory, f".{name}.{os.getpid()}.tmp")
    try:
        if not os.access(target, os.W_OK):
            raise PermissionError
        mode = stat.S_IMODE(os.stat(target).st_mode)
        with open(temporary, "xb") as file:
            file.write(new.encode("utf-8", "surrogateescape"))
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, mode)
        os.replace(temporary, target)
    except OSError as error:
        try:
            os.unlink(temporary)
        except OSError:
            pass
        raise Failure(f"cannot write `{shown}`: {reason_of(error)}") from None
