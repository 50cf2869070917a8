"""A triangle of customers by first purchase as a table: figures in the fields, the larger the darker.

A table and no picture of one: it is read out, scrolls sideways on a phone with its first column in view, and prints.
"""

from __future__ import annotations

from html import escape

import numpy as np
import streamlit as st

from churnkit.services.decide.cohort_views import SHOWN_COHORTS, CohortView, named
from churnkit.text.figures import count

# From light to dark, each with letters that can be read on it, in a light theme and in a dark one.
_SHADES = (
    ("#EAF4F6", "#16262B"),
    ("#CFE6EA", "#16262B"),
    ("#AFD4DB", "#16262B"),
    ("#8CC0CA", "#16262B"),
    ("#67AAB7", "#0E1A1E"),
    ("#2B7A8C", "#FFFFFF"),
    ("#1F6272", "#FFFFFF"),
    ("#164B58", "#FFFFFF"),
)
_STYLE = """<style>
.ck-cohorts{overflow-x:auto;margin-bottom:.5rem}
.ck-cohorts table{border-collapse:separate;border-spacing:2px;font-size:.8rem;font-variant-numeric:tabular-nums;width:100%}
.ck-above{font-size:.85rem;padding-bottom:.4rem}
.ck-cohorts th{font-weight:400;text-align:center;white-space:nowrap;padding:.15rem .35rem}
.ck-cohorts tbody th{position:sticky;left:0;text-align:left;background:var(--ck-page)}
.ck-cohorts tbody th span{display:block;font-size:.75rem;opacity:.85}
.ck-cohorts td{text-align:center;white-space:nowrap;padding:.4rem .35rem;min-width:3rem;border-radius:3px}
.ck-cohorts td.first{border:1px solid rgba(140,152,158,.45)}
.ck-scale{display:flex;flex-wrap:wrap;align-items:center;gap:.4rem;font-size:.8rem}
.ck-scale i{display:inline-block;width:1.2rem;height:.8rem}
</style>"""


def show_cohorts(view: CohortView, currency: str | None) -> None:
    """The triangle and its scale."""
    st.html(cohort_html(view, currency, page=_page_colour()))


def cohort_html(view: CohortView, currency: str | None, *, page: str = "transparent") -> str:
    """The same as HTML; nothing in it is out of a shop's file.

    Parameters
    ----------
    page
        The colour behind the first column, which the others pass under on a phone.
    """
    shown = view.table.iloc[-SHOWN_COHORTS:]
    shown = shown.loc[:, shown.notna().any()].iloc[:, : SHOWN_COHORTS + 1]
    # The first period is everybody's by definition, or far above all others: it would take all the colour.
    later = shown.iloc[:, 1:].to_numpy(dtype=float)
    low, high = (float(np.nanmin(later)), float(np.nanmax(later))) if np.isfinite(later).any() else (0.0, 0.0)
    head = "".join(f'<th scope="col">{count(float(age))}</th>' for age in shown.columns)
    rows = "".join(
        f'<tr><th scope="row">{escape(named(str(cohort), view.period))}<span>{count(view.sizes[cohort])}'
        f" {'customer' if view.sizes[cohort] == 1 else 'customers'}</span></th>"
        + "".join(_field(view, value, place, low, high, currency) for place, value in enumerate(values))
        + "</tr>"
        for cohort, values in zip(shown.index, shown.to_numpy(dtype=float).tolist(), strict=True)
    )
    label = escape(f"{view.measure.label} by {view.period} of the first purchase")
    table = f'<table><thead><tr><th scope="col">First purchase</th>{head}</tr></thead><tbody>{rows}</tbody></table>'
    region = (
        f'<div class="ck-cohorts" role="region" tabindex="0" aria-label="{label}" style="--ck-page:{page}">'
    )
    above = f'<div class="ck-above">{label}, and {view.period}s after it</div>'
    return f"{_STYLE}{above}{region}{table}</div>{_scale(view, low, high, currency)}"


def _field(view: CohortView, value: float, place: int, low: float, high: float, currency: str | None) -> str:
    if value != value:
        return "<td></td>"
    text = escape(view.write(value, currency))
    if place == 0:
        return f'<td class="first">{text}</td>'
    ground, letters = _SHADES[_step(value, low, high)]
    return f'<td style="background:{ground};color:{letters}">{text}</td>'


def _step(value: float, low: float, high: float) -> int:
    """Which of the shades, 0 to 7; the middle one where all fields are equal."""
    if high <= low:
        return len(_SHADES) // 2
    return min(int((value - low) / (high - low) * len(_SHADES)), len(_SHADES) - 1)


def _scale(view: CohortView, low: float, high: float, currency: str | None) -> str:
    if high <= low:
        return ""
    steps = "".join(f'<i style="background:{ground}"></i>' for ground, _letters in _SHADES)
    return (
        f'<div class="ck-scale"><span>{escape(view.write(low, currency))}</span><span aria-hidden="true">{steps}</span>'
        f"<span>{escape(view.write(high, currency))}</span>"
        f"<span>from the lowest to the highest; the first {view.period} has no colour</span></div>"
    )


def _page_colour() -> str:
    light, dark = (st.get_option(f"theme.{name}.backgroundColor") for name in ("light", "dark"))
    return f"light-dark({light}, {dark})"
