"""The entry of a worker, and its end; what it does is in ``churnkit.worker.whole_life``."""

import gc
import logging
import os
import sys


def leave(code: int) -> None:
    """End this process at once, after what it has to say is written.

    Python would take three thousand modules and all that they hold apart first, which the system does with the process in
    a hundredth of that half second. Files, databases and pools are closed by then: each lies in a block of its own.
    """
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)


if __name__ == "__main__":
    # What is imported stays for good: to search it for cycles meanwhile takes a tenth of the time of the imports.
    gc.disable()
    from churnkit.worker.whole_life import live

    leave(live(*sys.argv[1:]))
