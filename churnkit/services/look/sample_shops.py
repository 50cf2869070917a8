"""The bundled files to try."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

SAMPLES_FOLDER = Path(__file__).resolve().parents[3] / "data" / "samples"


@dataclass(frozen=True)
class SampleShop:
    """A bundled file to try."""

    file_name: str
    title: str
    words: str

    @property
    def path(self) -> Path:
        """Where it lies."""
        return SAMPLES_FOLDER / self.file_name


SAMPLE_SHOPS = (
    SampleShop(
        "coffee_shop_demo.csv", "Coffee shop", "A till's lines over two years; regulars and passers-by."
    ),
    SampleShop(
        "ecommerce_demo.csv", "Online shop", "An untidy export: returns, cancelled orders, missing e-mails."
    ),
    SampleShop("subscription_demo.csv", "Subscription", "Monthly renewals, pauses and cancellations."),
)


def is_sample(file_name: str) -> bool:
    """Whether an uploaded file has the name of a bundled one, so that its shop is made up."""
    return any(shop.file_name == file_name for shop in SAMPLE_SHOPS)
