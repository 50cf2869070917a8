"""A language model behind an OpenAI-compatible endpoint; nothing in the app needs one.

``CHURNKIT_LLM_URL`` (for example ``https://host/v1``), ``CHURNKIT_LLM_KEY`` and ``CHURNKIT_LLM_MODEL`` name it, in the
environment or in Streamlit's secrets, which become environment variables. Without a key it does not exist.
"""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any, NoReturn
from urllib.parse import urlsplit

from churnkit.errors import ChurnkitError, SettingsError
from churnkit.text.figures import count, decimal

URL, KEY, MODEL = "CHURNKIT_LLM_URL", "CHURNKIT_LLM_KEY", "CHURNKIT_LLM_MODEL"
TIMEOUT_SECONDS = 30.0
MAX_ANSWER_BYTES = 200_000
_PATH = "/chat/completions"


class ModelUnreachable(ChurnkitError):
    """The language model gave no answer that could be read."""

    code = "language_model"


@dataclass(frozen=True)
class LanguageModel:
    """Where to ask.

    Attributes
    ----------
    url
        Base of the endpoint, http or https; ``/chat/completions`` is added unless it ends so.
    key
        Sent as a bearer token; never shown.
    timeout_seconds
        Longest wait for any part of the answer.
    """

    url: str
    key: str = field(repr=False)
    model: str
    timeout_seconds: float = TIMEOUT_SECONDS

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SettingsError(
                f"Language model: {URL} must be an address with http or https, found {self.url!r}.",
                f"Set {URL} to the base of an OpenAI-compatible endpoint, for example https://host/v1.",
            )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> LanguageModel | None:
        """The configured model, None without a key.

        Raises
        ------
        SettingsError
            If there is a key, but no usable address or no model's name.
        """
        values = os.environ if environment is None else environment
        key = values.get(KEY, "").strip()
        if not key:
            return None
        missing = [name for name in (URL, MODEL) if not values.get(name, "").strip()]
        if missing:
            raise SettingsError(
                f"Language model: {KEY} is set, {' and '.join(missing)} not.",
                f"Set {' and '.join(missing)}, or remove {KEY}.",
            )
        return cls(values[URL].strip(), key, values[MODEL].strip())

    @property
    def host(self) -> str:
        """Whom the text of a request goes to."""
        return str(urlsplit(self.url).hostname)

    def complete(self, system: str, user: str) -> str:
        """The model's answer to one question.

        Raises
        ------
        ModelUnreachable
            If the endpoint cannot be reached in time, refuses, redirects, or answers with something else.
        """
        base = self.url.rstrip("/")
        request = urllib.request.Request(
            base if base.endswith(_PATH) else base + _PATH,
            data=json.dumps(
                {
                    "model": self.model,
                    "messages": [{"role": "system", "content": system}, {"role": "user", "content": user}],
                }
            ).encode(),
            headers={"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"},
            method="POST",
        )
        # A redirect would hand the key to another host.
        opener = urllib.request.build_opener(_NoRedirects)
        try:
            with opener.open(request, timeout=self.timeout_seconds) as response:
                answer = response.read(MAX_ANSWER_BYTES + 1)
        except urllib.error.HTTPError as error:
            with error:
                self._failed(f"it answered with status {error.code}")
        except (urllib.error.URLError, HTTPException, OSError) as error:
            reason = getattr(error, "reason", None) or error
            self._failed(
                f"no answer within {decimal(self.timeout_seconds)} seconds"
                if isinstance(reason, TimeoutError)
                else f"it cannot be reached ({reason})"
            )
        if len(answer) > MAX_ANSWER_BYTES:
            self._failed(f"its answer is longer than {count(MAX_ANSWER_BYTES)} bytes")
        return self._content(answer)

    def _content(self, answer: bytes) -> str:
        try:
            found: Any = json.loads(answer)["choices"][0]["message"]["content"]
        except (ValueError, LookupError, TypeError):
            found = None
        if not isinstance(found, str):
            self._failed("its answer is not that of an OpenAI-compatible endpoint")
        return found

    def _failed(self, why: str) -> NoReturn:
        raise ModelUnreachable(
            f"Asking the language model at {self.host}: {why}.",
            f"Check {URL}, {KEY} and {MODEL}, or use the template.",
        )


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None
