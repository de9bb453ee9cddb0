"""What the README promises: its commands and the output that it shows.

A fenced block belongs to the marker comment `<!-- name -->` on the line before it. Run as a program with a
marker's name, it prints that block.
"""

import re
import sys
from pathlib import Path

README = Path(__file__).resolve().parents[2] / "README.md"


def block(name: str) -> str:
    """The text of the fenced block marked `name`. Raises LookupError unless there is exactly one."""
    text = README.read_text(encoding="utf-8")
    found: list[str] = re.findall(rf"^<!-- {re.escape(name)} -->\n```\w*\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    if len(found) != 1:
        raise LookupError(f"README.md has {len(found)} blocks marked `{name}`, expected one")
    return found[0]


if __name__ == "__main__":
    sys.stdout.write(block(sys.argv[1]))
