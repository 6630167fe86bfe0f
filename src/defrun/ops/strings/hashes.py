"""Hash functions over many texts at once: FarmHash's fingerprint, SipHash, and the one of TensorFlow's first days.

All texts lie end to end in one array, followed by zeros, so that any eight bytes are one read.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
_U = np.uint64

_K0, _K1, _K2 = _U(0xC3A5C85C97CB3127), _U(0xB492B66FBE98F273), _U(0x9AE16A3B2F90404F)


class Texts:
    """Texts end to end.

    Parameters
    ----------
    texts : list of bytes
    """

    def __init__(self, texts: list[bytes]) -> None:
        whole = b"".join(texts) + bytes(8)
        self.sizes = np.array([len(text) for text in texts], np.int64)
        self.starts = np.cumsum(self.sizes) - self.sizes
        self._words = np.ndarray(len(whole) - 7, "<u8", whole, strides=(1,))
        self._halves = np.ndarray(len(whole) - 3, "<u4", whole, strides=(1,))
        self._bytes = np.frombuffer(whole, np.uint8)

    def words(self, at: Any) -> Array:
        """Read eight bytes at each of the places."""
        return self._words[at]

    def halves(self, at: Any) -> Array:
        """Read four bytes at each of the places."""
        return self._halves[at].astype(_U)

    def bytes(self, at: Any) -> Array:
        """Read one byte at each of the places."""
        return self._bytes[at].astype(_U)


def _rotated(x: Any, by: int) -> Any:
    return (x >> _U(by)) | (x << _U(64 - by))


def _rotated_left(x: Any, by: int) -> Any:
    return (x << _U(by)) | (x >> _U(64 - by))


def _shift_mixed(x: Any) -> Any:
    return x ^ (x >> _U(47))


def _joined(u: Any, v: Any, factor: Any) -> Any:
    return _shift_mixed((v ^ _shift_mixed((u ^ v) * factor)) * factor) * factor


# -- FarmHash's Fingerprint64 ------------------------------------------------------------------------------------------


def fingerprints(texts: list[bytes]) -> Array:
    """Return FarmHash's 64-bit fingerprint of each text: uint64 [n]."""
    whole = Texts(texts)
    hashes = np.empty(len(texts), _U)
    sizes = whole.sizes
    with np.errstate(over="ignore"):
        for low, high, function in _BY_SIZE:
            chosen = np.flatnonzero((sizes >= low) & (sizes <= high))
            if chosen.size:
                hashes[chosen] = function(whole, whole.starts[chosen], sizes[chosen])
    return hashes


def _of_none(whole: Texts, at: Array, size: Array) -> Any:
    return _K2


def _up_to_3(whole: Texts, at: Array, size: Array) -> Array:
    y = whole.bytes(at) + (whole.bytes(at + size // 2) << _U(8))
    z = size.astype(_U) + (whole.bytes(at + size - 1) << _U(2))
    return _shift_mixed(y * _K2 ^ z * _K0) * _K2


def _up_to_7(whole: Texts, at: Array, size: Array) -> Array:
    length = size.astype(_U)
    return _joined(length + (whole.halves(at) << _U(3)), whole.halves(at + size - 4), _K2 + length * _U(2))


def _up_to_16(whole: Texts, at: Array, size: Array) -> Array:
    factor = _K2 + size.astype(_U) * _U(2)
    a, b = whole.words(at) + _K2, whole.words(at + size - 8)
    return _joined(_rotated(b, 37) * factor + a, (_rotated(a, 25) + b) * factor, factor)


def _up_to_32(whole: Texts, at: Array, size: Array) -> Array:
    factor = _K2 + size.astype(_U) * _U(2)
    a, b = whole.words(at) * _K1, whole.words(at + 8)
    c, d = whole.words(at + size - 8) * factor, whole.words(at + size - 16) * _K2
    return _joined(_rotated(a + b, 43) + _rotated(c, 30) + d, a + _rotated(b + _K2, 18) + c, factor)


def _up_to_64(whole: Texts, at: Array, size: Array) -> Array:
    factor = _K2 + size.astype(_U) * _U(2)
    a, b = whole.words(at) * _K2, whole.words(at + 8)
    c, d = whole.words(at + size - 8) * factor, whole.words(at + size - 16) * _K2
    y = _rotated(a + b, 43) + _rotated(c, 30) + d
    z = _joined(y, a + _rotated(b + _K2, 18) + c, factor)
    e, f = whole.words(at + 16) * factor, whole.words(at + 24)
    g, h = (y + whole.words(at + size - 32)) * factor, (z + whole.words(at + size - 24)) * factor
    return _joined(_rotated(e + f, 43) + _rotated(g, 30) + h, e + _rotated(f + a, 18) + g, factor)


class _Long:
    """What FarmHash carries along a text of more than 64 bytes; every field is an array with an entry for each."""

    def __init__(self, whole: Texts, at: Array) -> None:
        zeros = np.zeros(len(at), _U)
        self.whole = whole
        self.v, self.w = (zeros, zeros), (zeros, zeros)
        self.x = _U(81) * _K2 + whole.words(at)
        self.y = zeros + (_U(81) * _K1 + _U(113))
        self.z = zeros + _shift_mixed(self.y[0] * _K2 + _U(113)) * _K2

    def take(self, at: Array, factor: Any, last: bool = False) -> None:
        """Take 64 bytes in."""
        words = self.whole.words
        (v0, v1), (w0, w1), x, y, z = self.v, self.w, self.x, self.y, self.z
        nine = _U(9) if last else _U(1)
        x = _rotated(x + y + v0 + words(at + 8), 37) * factor
        y = _rotated(y + v1 + words(at + 48), 42) * factor
        x = x ^ (w1 * nine)
        y = y + v0 * nine + words(at + 40)
        z = _rotated(z + w0, 33) * factor
        self.v = self._weak(at, v1 * factor, x + w0)
        self.w = self._weak(at + 32, z + w1, y + words(at + 16))
        self.x, self.y, self.z = z, y, x

    def _weak(self, at: Array, a: Any, b: Any) -> tuple[Any, Any]:
        first, second, third, fourth = (self.whole.words(at + 8 * i) for i in range(4))
        a = a + first
        b = _rotated(b + a + fourth, 21)
        c = a
        a = a + second + third
        return a + fourth, b + _rotated(a, 44) + c


def _beyond_64(whole: Texts, at: Array, size: Array) -> Array:
    order = np.argsort(-size, kind="stable")
    at, size = at[order], size[order]
    state = _Long(whole, at)
    rounds = (size - 1) // 64
    done = []
    for number in range(int(rounds[0])):
        # The longest come first, so those that go on are in front.
        going = int(np.searchsorted(-rounds, -number, "left"))
        if going < len(state.x):
            done.append(_part(state, slice(going, None)))
            state = _part(state, slice(0, going))
        state.take(at[:going] + 64 * number, _K1)
    done.append(state)
    state = _together(whole, done[::-1])
    rest = ((size - 1) & 63).astype(_U)
    factor = _K1 + ((state.z & _U(0xFF)) << _U(1))
    w0 = state.w[0] + rest
    v0 = state.v[0] + w0
    state.v, state.w = (v0, state.v[1]), (w0 + v0, state.w[1])
    state.take(at + size - 64, factor, last=True)
    one = _joined(state.v[0], state.w[0], factor) + _shift_mixed(state.y) * _K0 + state.z
    hashes = np.empty(len(at), _U)
    hashes[order] = _joined(one, _joined(state.v[1], state.w[1], factor) + state.x, factor)
    return hashes


def _part(state: _Long, rows: slice) -> _Long:
    made = _Long.__new__(_Long)
    made.whole = state.whole
    made.x, made.y, made.z = state.x[rows], state.y[rows], state.z[rows]
    made.v, made.w = (state.v[0][rows], state.v[1][rows]), (state.w[0][rows], state.w[1][rows])
    return made


def _together(whole: Texts, states: list[_Long]) -> _Long:
    made = _Long.__new__(_Long)
    made.whole = whole
    made.x, made.y, made.z = (np.concatenate([getattr(s, name) for s in states]) for name in "xyz")
    made.v = (np.concatenate([s.v[0] for s in states]), np.concatenate([s.v[1] for s in states]))
    made.w = (np.concatenate([s.w[0] for s in states]), np.concatenate([s.w[1] for s in states]))
    return made


_BY_SIZE: tuple[tuple[int, float, Any], ...] = (
    (0, 0, _of_none), (1, 3, _up_to_3), (4, 7, _up_to_7), (8, 16, _up_to_16), (17, 32, _up_to_32), (33, 64, _up_to_64),
    (65, np.inf, _beyond_64),
)  # fmt: skip


# -- SipHash-2-4 -------------------------------------------------------------------------------------------------------


def keyed_hashes(texts: list[bytes], key: tuple[int, int]) -> Array:
    """Return SipHash-2-4 of each text under a key of two 64-bit numbers: uint64 [n]."""
    whole = Texts(texts)
    k0, k1 = (_U(k % 2**64) for k in key)
    shape = len(texts)
    state = [
        np.full(shape, k0 ^ _U(0x736F6D6570736575)),
        np.full(shape, k1 ^ _U(0x646F72616E646F6D)),
        np.full(shape, k0 ^ _U(0x6C7967656E657261)),
        np.full(shape, k1 ^ _U(0x7465646279746573)),
    ]
    rounds = whole.sizes // 8
    with np.errstate(over="ignore"):
        for number in range(int(rounds.max(initial=0))):
            going = np.flatnonzero(rounds > number)
            word = whole.words(whole.starts[going] + 8 * number)
            for row, value in zip(state, _sip_taken([row[going] for row in state], word), strict=True):
                row[going] = value
        state = _sip_taken(state, _last_words(whole) | ((whole.sizes & 0xFF).astype(_U) << _U(56)))
        state[2] = state[2] ^ _U(0xFF)
        for _ in range(4):
            state = _sip_round(state)
    return state[0] ^ state[1] ^ state[2] ^ state[3]


def _last_words(whole: Texts) -> Array:
    """Read what is left of each text after its whole words, zeros behind it."""
    rest = whole.sizes % 8
    mask = (_U(1) << (rest * 8).astype(_U)) - _U(1)
    return whole.words(whole.starts + whole.sizes - rest) & mask


def _sip_taken(state: list[Array], word: Array) -> list[Array]:
    state = _sip_round(_sip_round([*state[:3], state[3] ^ word]))
    return [state[0] ^ word, *state[1:]]


def _sip_round(state: list[Array]) -> list[Array]:
    a, b, c, d = state
    a, c = a + b, c + d
    b, d = _rotated_left(b, 13) ^ a, _rotated_left(d, 16) ^ c
    a = _rotated_left(a, 32)
    c, a = c + b, a + d
    b, d = _rotated_left(b, 17) ^ c, _rotated_left(d, 21) ^ a
    return [a, b, _rotated_left(c, 32), d]


# -- the hash of tf.string_to_hash_bucket ------------------------------------------------------------------------------

_MURMUR = _U(0xC6A4A7935BD1E995)
_SEED = _U(0xDECAFCAFFE)


def plain_hashes(texts: list[bytes]) -> Array:
    """Return MurmurHash64A of each text, with TensorFlow's seed: uint64 [n]."""
    whole = Texts(texts)
    with np.errstate(over="ignore"):
        hashes = _SEED ^ (whole.sizes.astype(_U) * _MURMUR)
        rounds = whole.sizes // 8
        for number in range(int(rounds.max(initial=0))):
            going = np.flatnonzero(rounds > number)
            word = _shift_mixed(whole.words(whole.starts[going] + 8 * number) * _MURMUR) * _MURMUR
            hashes[going] = (hashes[going] ^ word) * _MURMUR
        hashes = np.where(whole.sizes % 8 > 0, (hashes ^ _last_words(whole)) * _MURMUR, hashes)
        return _shift_mixed(_shift_mixed(hashes) * _MURMUR)
