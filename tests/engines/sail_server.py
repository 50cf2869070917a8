"""A Spark Connect server of Sail in a process of its own, as a cluster would be: python -m tests.engines.sail_server.

Prints its port, then answers until its standard input ends.
"""

from __future__ import annotations

import sys

from pysail.spark import SparkConnectServer


def main() -> None:
    """Serve."""
    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    print(server.listening_address[1], flush=True)
    sys.stdin.read()
    server.stop()


if __name__ == "__main__":
    main()
