"""Opening Spark or Sail: on this machine, on a master, or where Spark Connect is answered; and saying what fails."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import sys
import warnings
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from churnkit.errors import SettingsError

_INSTALL = {
    "sail": "Install it: pip install 'churnkit[sail]', or pip install pysail 'pyspark-client>=4.2,<4.3'.",
    "spark": "Install it: pip install 'churnkit[spark]', or pip install 'pyspark[connect]'; it needs Java 17 or newer.",
}
_CONNECT_PORT = 15002
_WHERE = re.compile(r"at \S+\(|\.\.\. \d+ more")
_TRACEBACK, _CAUSE = "Traceback (most recent call last):", "Caused by: "


class OpenSession(NamedTuple):
    """A session, and the server that was started for it, if any."""

    session: Any
    server: Any = None

    def close(self) -> None:
        """End the session, and what was started for it."""
        self.session.stop()
        if self.server is not None:
            self.server.stop()


def open_session(engine: str, address: str) -> OpenSession:
    """A session of ``sail`` or ``spark``; ``address`` as for ``SparkEngine``.

    Raises
    ------
    SettingsError
        The engine is not installed, or nobody answers at the address.
    """
    builder, server = _builder(engine), None
    if engine == "sail" and not address:
        # Its log would stand between the lines of the command.
        os.environ.setdefault("RUST_LOG", "error")
        server = _sail_server()
        server.start(background=True)
        address = f"sc://127.0.0.1:{server.listening_address[1]}"
    if address.startswith("sc://"):
        _require_answer(address)
        return OpenSession(builder.remote(address).getOrCreate(), server)
    if engine == "sail":
        raise SettingsError(f"Opening Sail at {address!r}: an address of it begins with sc://.")
    return OpenSession(_on_master(builder, address))


def _on_master(builder: Any, address: str) -> Any:
    # The machines run this Python, with this package on its path.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    path = os.pathsep.join(dict.fromkeys(entry for entry in sys.path if entry))
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.executorEnv.PYTHONPATH": path,
        "spark.driver.host": "127.0.0.1",
    }
    if address and not address.startswith("local"):
        del settings["spark.driver.host"]
    builder = builder.master(address or "local[*]").appName("churnkit score")
    for key, value in settings.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def _builder(engine: str) -> Any:
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise _missing(engine, "pyspark") from error
    return SparkSession.builder


def _sail_server() -> Any:
    try:
        from pysail.spark import SparkConnectServer
    except ImportError as error:
        raise _missing("sail", "pysail") from error
    return SparkConnectServer("127.0.0.1", 0)


def failures() -> tuple[type[Exception], ...]:
    """What Spark raises: its own errors, and where it has a Java those of the bridge to it."""
    try:
        from pyspark.errors import PySparkException
    except ImportError:
        return ()
    try:
        from py4j.protocol import Py4JError
    except ImportError:
        return (PySparkException,)
    return (PySparkException, Py4JError)


def what_failed(text: str) -> str:
    """The line of an engine's answer that says what went wrong, and none of those that say where.

    That is the error of this program's own where there is one, else Java's first cause, else the first line of what Spark
    itself refuses.
    """
    _, mark, trace = text.rpartition(_TRACEBACK)
    if mark:
        return next((line.strip() for line in trace.splitlines() if line and not line[0].isspace()), "")
    told = [line.strip() for line in text.splitlines()]
    told = [line for line in told if line and not _WHERE.match(line)]
    causes = [line.removeprefix(_CAUSE) for line in told if line.startswith(_CAUSE)]
    if causes:
        return causes[-1]
    if told and told[0].startswith("["):
        return told[0]
    outer = [line.removeprefix(": ") for line in told if line.startswith(": ")]
    return (outer or told or [""])[-1]


def remedy_for(failure: str) -> str:
    """What to do about it."""
    if "S3AFileSystem" in failure:
        return (
            "Spark has no reader of S3 of its own: give it hadoop-aws of its Hadoop's version, e.g."
            " PYSPARK_SUBMIT_ARGS='--packages org.apache.hadoop:hadoop-aws:3.5.0 pyspark-shell'."
        )
    return "The engine's own log says where; nothing was written."


def _require_answer(address: str) -> None:
    """Refuse an address where nobody listens: the client would try for minutes."""
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port or _CONNECT_PORT
    try:
        socket.create_connection((host, port), timeout=10).close()
    except OSError as error:
        raise SettingsError(
            f"Opening the engine at {host}:{port}: nobody answers ({error.strerror or error}).",
            "Start Spark Connect there, or mend --engine-address.",
        ) from error


def _missing(engine: str, package: str) -> SettingsError:
    return SettingsError(f"Opening the engine {engine}: {package} is not installed.", _INSTALL[engine])


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Without what PySpark warns of about pandas 3, of which nothing that is called here is touched."""
    with warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore", message="PySpark does not yet fully support pandas", category=FutureWarning
        )
        warnings.filterwarnings("ignore", message="The copy keyword is deprecated")
        warnings.filterwarnings("ignore", message="'verifySchema' is ignored")
        yield
