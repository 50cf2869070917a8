"""Random numbers that come out the same wherever NumPy runs."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import special

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


class PortableDraws:
    """PortableDraws built from uniforms alone, by inversion.

    NumPy guarantees the stream of a bit generator, but may change how it turns the stream into normals or
    gammas. The committed files must come out byte for byte after an upgrade, hence the named bit generator
    and the inversion.

    Parameters
    ----------
    seed, stream
        Together they name the stream; each file has its own, so that a change to one leaves the others alone.
    """

    def __init__(self, seed: int, stream: int) -> None:
        self._generator = np.random.Generator(np.random.PCG64([seed, stream]))

    def uniform(self, *shape: int) -> FloatArray:
        """Values in (0, 1): zero is moved off the edge, where quantile functions are infinite."""
        return np.maximum(self._generator.random(shape), 2.0**-54)

    def integers(self, low: int, high: int, count: int) -> IntArray:
        """Whole numbers in [low, high)."""
        return low + (self.uniform(count) * (high - low)).astype(np.int64)

    def normal(self, *shape: int) -> FloatArray:
        """Standard normal values."""
        return np.asarray(special.ndtri(self.uniform(*shape)), dtype=np.float64)

    def exponential(self, *shape: int) -> FloatArray:
        """Exponential values with mean 1."""
        return -np.log(self.uniform(*shape))

    def gamma(self, shape_parameter: float, count: int) -> FloatArray:
        """Gamma values with mean 1."""
        return np.asarray(special.gammaincinv(shape_parameter, self.uniform(count)) / shape_parameter)

    def beta(self, a: float, b: float, count: int) -> FloatArray:
        """Beta values in (0, 1)."""
        return np.asarray(special.betaincinv(a, b, self.uniform(count)), dtype=np.float64)

    def chance(self, probability: FloatArray | float, count: int) -> BoolArray:
        """True with the given probability."""
        return self.uniform(count) < probability

    def pick(self, log_weights: FloatArray) -> IntArray:
        """One column per row of ``log_weights`` (n, options), with odds exp(weight) (Gumbel maximum)."""
        noise = -np.log(self.exponential(*log_weights.shape))
        picked: IntArray = np.argmax(log_weights + noise, axis=1).astype(np.int64)
        return picked

    def erlang(self, stages: IntArray) -> FloatArray:
        """Gaps with mean 1 that are the more regular, the more ``stages`` (1 or more) a customer has."""
        width = int(stages.max(initial=1))
        parts = self.exponential(stages.size, width)
        used = np.arange(width) < stages[:, None]
        gaps: FloatArray = np.where(used, parts, 0.0).sum(axis=1) / stages
        return gaps
