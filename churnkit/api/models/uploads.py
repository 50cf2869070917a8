"""A file that was handed over, as the API tells of it."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from churnkit.store import Upload

UPLOAD_EXAMPLE: JsonDict = {
    "upload_id": "6f1f4a6e0a0b4e6f9c55d2b7a1c3e9d4",
    "filename": "orders.csv",
    "size_bytes": 1204551,
    "rows": None,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "uploaded_at": "2026-03-31T08:12:44Z",
}


class UploadAnswer(BaseModel):
    """A file that was handed over."""

    model_config = ConfigDict(json_schema_extra={"examples": [UPLOAD_EXAMPLE]})

    upload_id: str
    filename: str = Field(description="What its owner calls it; a label only.")
    size_bytes: int
    rows: int | None = Field(None, description="Records of the file, once it has been read.")
    sha256: str | None = Field(None, description="Of its bytes, in hexadecimal digits.")
    uploaded_at: datetime

    @classmethod
    def of(cls, upload: Upload) -> UploadAnswer:
        """The answer about a stored upload."""
        return cls(
            upload_id=upload.upload_id,
            filename=upload.filename,
            size_bytes=upload.file_size_bytes,
            rows=upload.row_count,
            sha256=upload.sha256,
            uploaded_at=upload.uploaded_at,
        )


class RemovedAnswer(BaseModel):
    """What a deletion took out; it cannot be undone."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"analyses": 1}]})

    analyses: int = Field(description="Analyses that went with it, with all their runs, models and results.")
