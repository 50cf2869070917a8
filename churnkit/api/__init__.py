"""The REST API: the same services as the pages, for programs. Mounted by app.py under ``/api/v1``."""
