"""The processes that open users' files: ``python -m churnkit.worker.reading``, one parent kept warm, a child a file."""
