"""The picture in the browser's tab, drawn here: Streamlit's named icons are fetched from another host."""

from __future__ import annotations

PAGE_ICON = (
    '<svg viewBox="0 0 24 24" fill="none" stroke="#1F6F80" stroke-width="2.4" stroke-linecap="round"'
    ' stroke-linejoin="round"><path d="M3 6l6 6 4-3 8 9"/><circle cx="3" cy="6" r="1.2"/>'
    '<circle cx="21" cy="18" r="1.2"/></svg>'
)
