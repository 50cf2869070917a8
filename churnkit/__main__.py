"""``python -m churnkit``."""

import sys

from churnkit.cli import main

if __name__ == "__main__":
    sys.exit(main())
