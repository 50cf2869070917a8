"""The entry of a worker; what it does is in ``churnkit.worker.whole_life``."""

import gc
import sys

if __name__ == "__main__":
    # What is imported stays for good: to search it for cycles meanwhile takes a tenth of the time of the imports.
    gc.disable()
    from churnkit.worker.whole_life import live

    sys.exit(live(*sys.argv[1:]))
