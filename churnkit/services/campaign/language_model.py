"""A language model behind an OpenAI-compatible endpoint; nothing in the app needs one.

``CHURNKIT_LLM_URL`` (for example ``https://host/v1``), ``CHURNKIT_LLM_KEY`` and ``CHURNKIT_LLM_MODEL`` name it, in the
environment or in Streamlit's secrets, which become environment variables. Without a key it does not exist.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from churnkit.errors import ChurnkitError, SettingsError
from churnkit.outgoing import Address, AddressRefused, Unreachable, post
from churnkit.text.figures import count

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
        Base of the endpoint; ``/chat/completions`` is added unless it ends so. It is https in the open internet, or a
        host of ``CHURNKIT_ALLOW_PRIVATE_HOSTS``.
    key
        Sent as a bearer token; never shown.
    timeout_seconds
        Longest wait for the answer.
    """

    url: str
    key: str = field(repr=False)
    model: str
    timeout_seconds: float = TIMEOUT_SECONDS

    def __post_init__(self) -> None:
        try:
            Address.parse(self.url)
        except AddressRefused as error:
            raise SettingsError(
                f"Language model: {URL} cannot be used. {error.message}",
                error.remedy or f"Set {URL} to the base of an endpoint, for example https://host/v1.",
            ) from error

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
        return Address.parse(self.url).host

    def complete(self, system: str, user: str) -> str:
        """The model's answer to one question.

        Raises
        ------
        ModelUnreachable
            If the endpoint cannot be reached in time, refuses, redirects, or answers with something else.
        """
        base = self.url.rstrip("/")
        asked = {
            "model": self.model,
            "messages": [{"role": "system", "content": system}, {"role": "user", "content": user}],
        }
        try:
            answer = post(
                Address.parse(base if base.endswith(_PATH) else base + _PATH),
                json.dumps(asked).encode(),
                {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"},
                seconds=self.timeout_seconds,
                most_bytes=MAX_ANSWER_BYTES,
            )
        except Unreachable as error:
            self._failed(error.reason)
        if not 200 <= answer.status < 300:
            self._failed(f"it answered with status {answer.status}")
        if answer.is_cut:
            self._failed(f"its answer is longer than {count(MAX_ANSWER_BYTES)} bytes")
        return self._content(answer.body)

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
