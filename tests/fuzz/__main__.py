"""`python -m tests.fuzz`: try to break the project for some minutes."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from fuzz.session import main

if __name__ == "__main__":
    sys.exit(main())
