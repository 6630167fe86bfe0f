"""Initializers with Keras's defaults, and what names stand for initializers."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes
from defrun.keras.serialization import deserialize_object, get_object, serialize_object
from defrun.variables import initializers


class TruncatedNormal(initializers.TruncatedNormal):
    """Normal numbers within two `stddev` of the mean; see `tf.truncated_normal_initializer`."""

    def __init__(
        self, mean: Any = 0.0, stddev: Any = 0.05, seed: int | None = None, dtype: Any = dtypes.float32
    ) -> None:
        super().__init__(mean, stddev, seed, dtype)


class RandomUniform(initializers.RandomUniform):
    """Numbers from [minval, maxval), all as likely; see `tf.random_uniform_initializer`."""

    def __init__(
        self, minval: Any = -0.05, maxval: Any = 0.05, seed: int | None = None, dtype: Any = dtypes.float32
    ) -> None:
        super().__init__(minval, maxval, seed, dtype)


class RandomNormal(initializers.RandomNormal):
    """Numbers from a normal distribution; see `tf.random_normal_initializer`."""

    def __init__(
        self, mean: Any = 0.0, stddev: Any = 0.05, seed: int | None = None, dtype: Any = dtypes.float32
    ) -> None:
        super().__init__(mean, stddev, seed, dtype)


_FUNCTIONS = ("he_normal", "he_uniform", "lecun_normal", "lecun_uniform")
_KNOWN: dict[str, Any] = {
    "Initializer": initializers.Initializer,
    "VarianceScaling": initializers.VarianceScaling,
    **{name: getattr(initializers, name) for name in _FUNCTIONS},
}
for _kind, _names in (
    (initializers.Zeros, "Zeros zeros zero"),
    (initializers.Ones, "Ones ones one"),
    (initializers.Constant, "Constant constant"),
    (initializers.Identity, "Identity identity"),
    (initializers.Orthogonal, "Orthogonal orthogonal"),
    (initializers.GlorotNormal, "GlorotNormal glorot_normal"),
    (initializers.GlorotUniform, "GlorotUniform glorot_uniform"),
    (RandomUniform, "RandomUniform random_uniform uniform"),
    (RandomNormal, "RandomNormal random_normal normal"),
    (TruncatedNormal, "TruncatedNormal truncated_normal"),
):
    _KNOWN.update(dict.fromkeys(_names.split(), _kind))


def serialize(initializer: Any) -> Any:
    """Return {"class_name": ..., "config": ...} of an initializer."""
    return serialize_object(initializer)


def deserialize(config: Any, custom_objects: dict[str, Any] | None = None) -> Any:
    """Return the initializer that a name or a configuration stands for; `ValueError` if there is none."""
    return deserialize_object(config, _KNOWN, custom_objects, "initializer")


def get(identifier: Any) -> Any:
    """Return the initializer that `identifier` (an initializer, a name, a configuration, None) stands for.

    Raises
    ------
    ValueError
        If there is none.
    """
    return get_object(identifier, _KNOWN, "initializer", _FUNCTIONS)
