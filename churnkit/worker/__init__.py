"""The process that does one job: ``python -m churnkit.worker JOB_FOLDER``."""
