"""The one way from a file to the first results, as steps above each page of it."""

from __future__ import annotations

import streamlit as st

STEPS = ("File", "Understood", "Your shop", "When is a customer lost?", "Running")


def way(*at: int) -> None:
    """The five steps; those before ``at`` are done, those of ``at`` are on this page. Steps count from 1."""
    words = []
    for number, name in enumerate(STEPS, start=1):
        if number in at:
            words.append(f"**{number} {name}**")
        elif number < min(at):
            words.append(f":green[:material/check:] {name}")
        else:
            words.append(f":gray[{number} {name}]")
    with st.container(key="way"):
        st.markdown(" · ".join(words))
