"""churnkit in one process: ``streamlit run app.py``, ``python app.py`` or ``uvicorn app:app``.

The pages live in ``main.py`` and ``pages/``; further routes are mounted here, beside them.
"""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from churnkit.config import data_dir
from churnkit.server.cookies import WorkspaceCookie
from churnkit.server.logs import keep_log
from churnkit.server.navigation import declare_navigation
from churnkit.server.warming import warm_up

keep_log(data_dir())
declare_navigation()
warm_up()
app = st.App(Path(__file__).with_name("main.py"), middleware=[Middleware(WorkspaceCookie)])

if __name__ == "__main__":
    app.run()
