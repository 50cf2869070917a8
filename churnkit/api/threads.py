"""Blocking work of the API in threads of its own."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from typing import Any, ParamSpec, TypeVar

import anyio

MOST_THREADS = 8

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

# Streamlit serves its files from the process-wide threads: forty slow calls of an API that used them kept a page waiting
# for 3.5 s. With these of its own it waits for none.
_LIMIT = anyio.CapacityLimiter(MOST_THREADS)


def blocking(work: Callable[Parameters, Result]) -> Callable[Parameters, Awaitable[Result]]:
    """A route handler from a plain function; every route is one, or a coroutine by itself."""

    @functools.wraps(work)
    async def run(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        return await in_thread(work, *args, **kwargs)

    return run


async def in_thread(work: Callable[..., Result], *args: Any, **kwargs: Any) -> Result:
    """What ``work`` returns, done in a thread of the API's own."""
    return await anyio.to_thread.run_sync(functools.partial(work, *args, **kwargs), limiter=_LIMIT)
