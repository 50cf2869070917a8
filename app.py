"""churnkit in one process: ``streamlit run app.py``, ``python app.py`` or ``uvicorn app:app``.

The pages live in ``main.py`` and ``pages/``; further routes are mounted here, beside them.
"""

from functools import partial
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Mount, Route, Router
from starlette.types import ASGIApp

from churnkit.api.forecast_warming import get_forecasts_ready
from churnkit.api.late import API, ASSISTANT, ASSISTANT_API, PREFIX, LateApp
from churnkit.config import data_dir
from churnkit.server.addresses import KnownAddresses, page_names
from churnkit.server.cookies import WorkspaceCookie
from churnkit.server.first_page import FirstPage
from churnkit.server.gate import AccountGate
from churnkit.server.headers import SecurityHeaders, failed
from churnkit.server.life import server_life
from churnkit.server.logs import keep_log
from churnkit.server.messages import OwnSessionOnly
from churnkit.server.navigation import declare_navigation
from churnkit.server.origins import OwnOrigin
from churnkit.server.peers import keep_peers
from churnkit.server.promptness import answer_at_once
from churnkit.server.scripts import NOTIFY
from churnkit.server.sessions import SessionOwner
from churnkit.server.uploads import UploadGate, guard_uploads
from churnkit.server.warming import prepare

PAGES = page_names(Path(__file__).with_name("pages"))
# The outermost first.
LAYERS = (
    SecurityHeaders,
    FirstPage,
    partial(KnownAddresses, pages=PAGES),
    WorkspaceCookie,
    OwnOrigin,
    AccountGate,
    SessionOwner,
    OwnSessionOnly,
    UploadGate,
)


def account_forms() -> ASGIApp:
    """What lies under ``/account``: its forms bring the store, and the server listens before it."""
    from churnkit.server.account.routes import ROUTES

    return Router(routes=ROUTES)


keep_log(data_dir())
declare_navigation()
keep_peers()
answer_at_once()
guard_uploads()
app = st.App(
    Path(__file__).with_name("main.py"),
    routes=[
        Mount(PREFIX, app=API),
        Route(ASSISTANT, ASSISTANT_API),
        NOTIFY,
        Mount("/account", app=LateApp(account_forms)),
    ],
    lifespan=partial(server_life, once_listening=prepare(API.get_ready, get_forecasts_ready).begin),
    middleware=[Middleware(each) for each in LAYERS],
    exception_handlers={Exception: failed},
)

if __name__ == "__main__":
    app.run()
