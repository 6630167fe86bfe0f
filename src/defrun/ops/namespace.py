"""NumPy or JAX, whichever the values at hand are: for bodies that also fold constants and handle strings."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np


def namespace(*values: Any) -> Any:
    """Return `numpy` if every value is a NumPy array or Python number, else `jax.numpy`."""
    return np if all(isinstance(v, (np.ndarray, np.generic, int, float, bool)) for v in values) else jnp
