"""The entry: ``python -m churnkit.worker.reading`` keeps a parent warm, with a folder it answers that task and ends."""

import os
import sys
from pathlib import Path

from churnkit.config import reader_limits
from churnkit.worker.limits import limit_this_process
from churnkit.worker.reading.parent import Parent
from churnkit.worker.reading.work import answer, rehearse

if __name__ == "__main__":
    if len(sys.argv) > 1:
        limit_this_process(reader_limits())
        answer(Path(sys.argv[1]))
    else:
        rehearse()
        # The protocol has this descriptor to itself: whatever a library prints goes to the log.
        answers = os.dup(1)
        os.dup2(2, 1)
        Parent(0, answers, reader_limits(), answer).serve()
