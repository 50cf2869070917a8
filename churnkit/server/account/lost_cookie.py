"""A host in front that lets no cookie of ours through: nobody can sign in there, and the form says so."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request

from churnkit.server.cookies import SIGN_IN_COOKIE, cookie_headers, cookie_values
from churnkit.server.origins import is_own_page

_FORMS = ("/account/login", "/account/setup")
_WORDS = (
    "If you have just signed in: your browser came back without the cookie that shows it. Either it takes none from here,"
    " or what stands in front of this server lets none of ours through, as Streamlit Community Cloud does; people cannot"
    " sign in there."
)


def lost_cookie(request: Request) -> str:
    """Words for a browser that the form was sent from and that comes back to it with nothing; else empty.

    Whoever was let in has a cookie, and whoever was not stays on the answer to the form.
    """
    try:
        came_from = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return ""
    if came_from.path not in _FORMS or "said" in request.query_params:
        return ""
    is_own = is_own_page(f"{came_from.scheme}://{came_from.netloc}", request.scope)
    has_one = bool(cookie_values(cookie_headers(request.scope), SIGN_IN_COOKIE))
    return _WORDS if is_own and not has_one else ""
