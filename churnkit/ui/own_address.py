"""Addresses of this server, as a link for somebody else has to name them."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st


def here_at(path: str) -> str:
    """The whole address of a path of this server, on the host that the page was opened on; a path alone without one."""
    parts = urlsplit(st.context.url or "")
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    place = "/".join(["", *([base] if base else []), path.lstrip("/")])
    return f"{parts.scheme}://{parts.netloc}{place}" if parts.netloc else place
