"""What is wrong with how a page is built: axe-core's findings, headings that skip a level, what sticks out on a phone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1400, "height": 1000}
GRAVE = ("serious", "critical")
# Of what axe calls moderate, the rules that a screen reader's user lives by.
RULES = ("heading-order", "page-has-heading-one", "landmark-one-main")

_RUN = """options => axe.run({resultTypes: ["violations"], ...options}).then(found => found.violations.map(one => ({
    rule: one.id, impact: one.impact,
    where: one.nodes.map(node => {
        const why = node.any[0] || node.all[0] || node.none[0] || {};
        return `${node.html.slice(0, 150)}: ${why.message}`;
    }),
})))"""

_WIDER = """() => {
    const scrolls = element => {
        for (let one = element; one; one = one.parentElement)
            if (["auto", "scroll", "hidden"].includes(getComputedStyle(one).overflowX) && one !== document.body) return true;
        return false;
    };
    const main = document.querySelector('[data-testid="stMain"]');
    const outside = [...main.querySelectorAll("*")].filter(one => {
        const box = one.getBoundingClientRect();
        return box.width > 0 && box.right > innerWidth + 1 && !scrolls(one.parentElement);
    });
    const found = outside.map(one => one.outerHTML.slice(0, 150));
    if (main.scrollWidth > main.clientWidth + 1) found.push(`the page is ${main.scrollWidth} wide`);
    return found.slice(0, 3);
}"""


_STILL_AS_BEFORE = """before => [...document.querySelectorAll("[data-testid=stApp] p, [data-testid=stApp] h1")]
    .some(one => one.checkVisibility() && getComputedStyle(one).color === before)"""


def turn(page: Any, scheme: str) -> None:
    """Let the visitor's system turn dark or light, and give every text in sight the time to follow: axe says which have not.

    What lies in a closed part of the page follows when it is opened.
    """
    before = page.evaluate("getComputedStyle(document.querySelector('[data-testid=stApp] h1')).color")
    page.emulate_media(color_scheme=scheme)
    for _ in range(50):
        if not page.evaluate(_STILL_AS_BEFORE, before):
            return
        page.wait_for_timeout(100)


def barriers(page: Any, *, colours_only: bool = False) -> list[str]:
    """Serious and critical findings of axe-core, and headings out of order, each with the elements.

    Only colours change with the theme: in the second one nothing else need be asked again.
    """
    import axe_playwright_python

    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(
            Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
        )
    return [
        f"{one['rule']} ({one['impact']}): {where}"
        for one in page.evaluate(_RUN, {"runOnly": ["color-contrast"]} if colours_only else {})
        if one["impact"] in GRAVE or one["rule"] in RULES
        for where in one["where"][:3]
    ]


def sticks_out(page: Any) -> list[str]:
    """Elements that are wider than the window and no part of something that scrolls by itself, once the page has settled.

    Charts and tables follow a new width one after the other, slowly on a busy machine.
    """
    found: list[str] = []
    for _ in range(20):
        found = page.evaluate(_WIDER)
        if not found:
            break
        page.wait_for_timeout(250)
    return found
