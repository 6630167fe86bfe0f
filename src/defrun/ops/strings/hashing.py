"""Texts as numbers: buckets by hash, fingerprints."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from defrun.base.errors import InvalidArgumentError
from defrun.graph.operation import Tensor
from defrun.ops.array import either
from defrun.ops.declare import op
from defrun.ops.strings.hashes import fingerprints, keyed_hashes, plain_hashes
from defrun.ops.strings.texts import texts_in


def _buckets(hashes: Callable[[list[bytes]], Any], texts: Any, number: int) -> Any:
    return (hashes(texts_in(texts)) % np.uint64(number)).astype(np.int64).reshape(texts.shape)


def _same_shape(input, num_buckets):
    if num_buckets < 1:
        raise ValueError(f"num_buckets must be at least 1, not {num_buckets}")
    return input


@op("StringToHashBucket", "string_tensor: string -> output: int64", host=True, differentiable=False)
def _string_to_hash_bucket(string_tensor, num_buckets: int):
    """The number of the bucket of each text."""
    return _buckets(plain_hashes, string_tensor, num_buckets)


@_string_to_hash_bucket.shape
def _(string_tensor, num_buckets):
    return _same_shape(string_tensor, num_buckets)


@op("StringToHashBucketFast", "input: string -> output: int64", shape=_same_shape, host=True, differentiable=False)
def string_to_hash_bucket_fast(input, num_buckets: int):
    """Put each text into one of `num_buckets` buckets, by its FarmHash fingerprint.

    Parameters
    ----------
    input : string Tensor of any shape
    num_buckets : int

    Returns
    -------
    int64 Tensor of the same shape
        Numbers of buckets.
    """
    return _buckets(fingerprints, input, num_buckets)


@op("StringToHashBucketStrong", "input: string -> output: int64", shape=_same_shape, host=True, differentiable=False)
def string_to_hash_bucket_strong(input, num_buckets: int, key: list[int]):
    """Put each text into one of `num_buckets` buckets, by a hash (SipHash) that only who knows the key can foresee.

    Parameters
    ----------
    input : string Tensor of any shape
    num_buckets : int
    key : list of two int

    Returns
    -------
    int64 Tensor of the same shape
        Numbers of buckets.
    """
    if len(key) != 2:
        raise InvalidArgumentError(None, None, f"Key must have 2 elements, not {key}")
    return _buckets(lambda texts: keyed_hashes(texts, (key[0], key[1])), input, num_buckets)


def string_to_hash_bucket(
    string_tensor: Any = None, num_buckets: Any = None, name: str | None = None, input: Any = None
) -> Tensor:
    """Put each text into one of `num_buckets` buckets, by a hash that is kept for old models' sake.

    Parameters
    ----------
    string_tensor : string Tensor of any shape
    num_buckets : int
    name : str, optional
    input
        Another name for `string_tensor`.

    Returns
    -------
    int64 Tensor of the same shape
        Numbers of buckets.
    """
    string_tensor = either("input", input, "string_tensor", string_tensor)
    return _string_to_hash_bucket(string_tensor, num_buckets, name=name)


# -- fingerprints ------------------------------------------------------------------------------------------------------


@op("Fingerprint", "data: T, method: static string[] -> fingerprint: uint8", host=True, differentiable=False)
def _fingerprint(data, method):
    """The fingerprint of each row."""
    if data.ndim == 0:
        raise InvalidArgumentError(None, None, "data must have at least one axis")
    if texts_in(method) != [b"farmhash64"]:
        raise InvalidArgumentError(None, None, f"There is no fingerprint method {texts_in(method)[0]!r}")
    rows, width = len(data), int(np.prod(data.shape[1:]))
    if data.dtype != object:
        hashes = fingerprints([np.ascontiguousarray(row).tobytes() for row in data])
    else:
        hashes = fingerprints(texts_in(data))
        if data.ndim > 1:
            of_elements = hashes.astype("<u8").tobytes()
            hashes = fingerprints([of_elements[8 * width * i : 8 * width * (i + 1)] for i in range(rows)])
    return hashes.astype("<u8").view(np.uint8).reshape(rows, 8)


@_fingerprint.shape
def _(data, method):
    if data == ():
        raise ValueError("data must have at least one axis")
    count = data[0] if data else None
    if method is None:
        return count, None
    name = np.ravel(np.array(method, object))[0]
    if name not in (b"farmhash64", "farmhash64"):
        raise ValueError(f"There is no fingerprint method {name!r}")
    return count, 8


def fingerprint(data: Any, method: Any = "farmhash64", name: str | None = None) -> Tensor:
    """Return a number of 64 bits for each row that is hardly the same for two that differ.

    Parameters
    ----------
    data : Tensor [n, ...]
    method : str
        "farmhash64".
    name : str, optional

    Returns
    -------
    uint8 Tensor [n, 8]
    """
    return _fingerprint(data, method, name=name)


