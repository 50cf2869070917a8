"""What a browser calls itself, in words that its user knows."""

from __future__ import annotations

# The first that fits: a browser names those that it resembles, too.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


def browser_words(user_agent: str | None) -> str:
    """``Firefox on Linux``.

    Examples
    --------
    >>> browser_words("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36")
    'Chrome on Windows'
    >>> browser_words("curl/8.5")
    'Another program'
    """
    said = user_agent or ""
    browser = next((name for sign, name in _BROWSERS if sign in said), None)
    system = next((name for sign, name in _SYSTEMS if sign in said), None)
    if browser is None:
        return f"A browser on {system}" if system else "Another program"
    return f"{browser} on {system}" if system else browser
