"""`python -m dataflare_lsp` is the `dataflare-lsp` command."""

import sys

from dataflare_lsp.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
