"""How a worker ends."""

import subprocess
import sys


def test_leaves_with_its_code_after_what_it_wrote_and_takes_nothing_apart() -> None:
    statements = (
        "import atexit; atexit.register(print, 'taken apart')",
        "import sys; from churnkit.worker.__main__ import leave",
        "print('done', end=''); sys.stderr.write('why')",
        "leave(3)",
    )

    ended = subprocess.run([sys.executable, "-c", "\n".join(statements)], capture_output=True, check=False)

    assert (ended.returncode, ended.stdout, ended.stderr) == (3, b"done", b"why")
