"""Uploaded files that hold nothing but orders which their shop no longer keeps."""

from __future__ import annotations

from datetime import UTC, datetime

from churnkit.jobs.erasing import shops_on
from churnkit.jobs.layout import Folders
from churnkit.jobs.removal import held_uploads
from churnkit.services.privacy.kept_from import kept_from
from churnkit.store import Run, Store


def remove_expired(store: Store, folders: Folders, run: Run) -> None:
    """Remove the bytes of such files, unless another shop stands on them, a deleted one that can be brought back
    included; that they were added stays known.
    """
    moment = kept_from(store.shops.get(run.session_id).shop_settings, datetime.now(UTC))
    if moment is None:
        return
    held = held_uploads(store)
    uploads = {one.upload_id: one for one in store.uploads.all() if one.upload_id not in held}
    for addition in store.additions.of_shop(run.session_id):
        upload = uploads.get(addition.upload_id or "")
        if upload is None or addition.covers_to is None or addition.covers_to >= moment:
            continue
        if shops_on(store, [upload.upload_id]) == [run.session_id]:
            folders.upload_file(upload).unlink(missing_ok=True)
