"""Compare bodies of ops with jax.numpy and jax.lax called directly: `make bench-ops`, or `ARGS="--only Conv"` with it.

Both are compiled by themselves and run in turns in this one process, on arrays that are on the device already; the body
with the checks that a step makes of it. A ratio is that of the shortest runs; over 1, the body takes longer.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax, nn
from jax.scipy import linalg, special

import defrun as tf
from defrun.graph.check import collect_checks
from defrun.graph.opdef import REQUIRED, lookup

RANDOM = np.random.RandomState(0)
VECTOR, MATRIX, SQUARE, IMAGES = (1 << 20,), (1024, 1024), (512, 512), (16, 64, 64, 32)


class Case(NamedTuple):
    """An op, what to call it with, and what is called in its place; inputs that are no arrays are static."""

    type: str
    inputs: list[Any]
    plain: Callable[..., Any]
    attrs: Mapping[str, Any] = MappingProxyType({})
    note: str = ""


def floats(*dims: int) -> np.ndarray:
    return RANDOM.rand(*dims).astype(np.float32) + 0.1


def ints(high: int, *dims: int) -> np.ndarray:
    return RANDOM.randint(0, high, dims).astype(np.int32)


def definite(n: int, *batch: int) -> np.ndarray:
    half = RANDOM.randn(*batch, n, n).astype(np.float32)
    return half @ half.swapaxes(-1, -2) / n + 2 * np.eye(n, dtype=np.float32)


UNARY: dict[str, Any] = {
    "Abs": jnp.abs, "Acos": jnp.arccos, "Atan": jnp.arctan, "Ceil": jnp.ceil, "Cos": jnp.cos,
    "Digamma": special.digamma, "Elu": nn.elu, "Erf": special.erf, "Erfc": special.erfc, "Exp": jnp.exp,
    "Expm1": jnp.expm1, "Floor": jnp.floor, "IsFinite": jnp.isfinite, "IsNan": jnp.isnan, "L2Loss": lambda x:
    jnp.sum(x * x) / 2, "Lgamma": special.gammaln, "Log": jnp.log, "Log1p": jnp.log1p, "Neg": jnp.negative,
    "Reciprocal": jnp.reciprocal, "Relu": nn.relu, "Relu6": nn.relu6, "Rint": jnp.rint, "Rsqrt": lax.rsqrt,
    "Selu": nn.selu, "Sigmoid": nn.sigmoid, "Sign": jnp.sign, "Sin": jnp.sin, "Softplus": nn.softplus,
    "Softsign": nn.soft_sign, "Sqrt": jnp.sqrt, "Square": jnp.square, "Tan": jnp.tan, "Tanh": jnp.tanh,
}  # fmt: skip
BINARY: dict[str, Any] = {
    "Add": jnp.add, "AddV2": jnp.add, "Atan2": jnp.arctan2, "Equal": jnp.equal, "FloorMod": jnp.mod,
    "Greater": jnp.greater, "Maximum": jnp.maximum, "Minimum": jnp.minimum, "Mul": jnp.multiply, "Pow": jnp.power,
    "RealDiv": jnp.divide, "SquaredDifference": lambda x, y: jnp.square(x - y), "Sub": jnp.subtract,
    "Igamma": special.gammainc, "Igammac": special.gammaincc, "Xlogy": special.xlogy,
}  # fmt: skip
REDUCE: dict[str, Any] = {"Sum": jnp.sum, "Mean": jnp.mean, "Max": jnp.max, "Min": jnp.min, "Prod": jnp.prod}


def elementwise() -> Iterator[Case]:
    for name, plain in UNARY.items():
        inside = floats(*VECTOR) - 0.1 if name == "Acos" else floats(*VECTOR)
        yield Case(name, [inside], plain)
    for name, plain in BINARY.items():
        dims = (1 << 16,) if name.startswith("Igamma") else VECTOR
        yield Case(name, [floats(*dims), floats(*dims)], plain)
    yield Case("Add", [floats(*MATRIX), floats(MATRIX[1])], jnp.add, note="broadcast")
    yield Case("BiasAdd", [floats(*IMAGES), floats(32)], jnp.add)
    yield Case("Cast", [floats(*VECTOR)], lambda x: x.astype(np.int32), {"DstT": tf.int32}, "to int32")
    yield Case("Cast", [ints(9, *VECTOR)], lambda x: x.astype(np.float32), {"DstT": tf.float32}, "to float32")
    yield Case("Select", [ints(2, *VECTOR) > 0, floats(*VECTOR), floats(*VECTOR)], jnp.where)
    yield Case("AddN", [[floats(*VECTOR) for _ in range(3)]], lambda x: x[0] + x[1] + x[2])


def reductions() -> Iterator[Case]:
    for name, plain in REDUCE.items():
        for axes in ([0], [1], [0, 1]):
            attrs = {"keep_dims": False}
            yield Case(name, [floats(*MATRIX), np.array(axes, np.int32)],
                       lambda x, a, plain=plain, axes=tuple(axes): plain(x, axes), attrs, f"axis {axes}")  # fmt: skip
    for axis in (0, 1):
        here = np.array(axis, np.int32)
        yield Case("ArgMax", [floats(*MATRIX), here], lambda x, a, axis=axis: jnp.argmax(x, axis), note=f"axis {axis}")
        yield Case("Cumsum", [floats(*MATRIX), here], lambda x, a, axis=axis: jnp.cumsum(x, axis), note=f"axis {axis}")
    yield Case("All", [ints(2, *MATRIX) > 0, np.array([1], np.int32)], lambda x, a: jnp.all(x, 1), {"keep_dims": False})
    ids = np.sort(ints(1000, 1 << 16))
    yield Case("UnsortedSegmentSum", [floats(1 << 16, 16), ids, np.array(1000, np.int32)],
               lambda x, i, n: jax.ops.segment_sum(x, i, 1000))  # fmt: skip


def products() -> Iterator[Case]:
    yield Case("MatMul", [floats(*SQUARE), floats(*SQUARE)], jnp.matmul)
    yield Case("MatMul", [floats(64, 784), floats(784, 256)], jnp.matmul, note="a layer")
    yield Case("BatchMatMulV2", [floats(64, 64, 64), floats(64, 64, 64)], jnp.matmul)
    yield Case("Einsum", [[floats(8, 12, 128, 64), floats(8, 12, 128, 64)]],
               lambda x: jnp.einsum("bhid,bhjd->bhij", *x), {"equation": "bhid,bhjd->bhij"})  # fmt: skip
    for kernel, stride in ((3, 1), (5, 1), (3, 2), (1, 1)):
        yield Case("Conv2D", [floats(*IMAGES), floats(kernel, kernel, 32, 32)],
                   lambda x, k, s=stride: convolution(x, k, s),
                   {"strides": [1, stride, stride, 1], "padding": "SAME"},
                   f"{kernel}x{kernel}, stride {stride}")  # fmt: skip
    yield Case("DepthwiseConv2dNative", [floats(*IMAGES), floats(3, 3, 32, 1)],
               lambda x, k: convolution(x, k.reshape(3, 3, 1, 32), 1, 32),
               {"strides": [1, 1, 1, 1], "padding": "SAME"})  # fmt: skip
    pool = {"ksize": [1, 2, 2, 1], "strides": [1, 2, 2, 1], "padding": "SAME"}
    window = {"window_dimensions": (1, 2, 2, 1), "window_strides": (1, 2, 2, 1), "padding": "SAME"}
    yield Case("MaxPool", [floats(*IMAGES)], lambda x: lax.reduce_window(x, -np.inf, lax.max, **window), pool)
    yield Case("AvgPool", [floats(*IMAGES)], lambda x: lax.reduce_window(x, 0.0, lax.add, **window) / 4, pool)
    yield Case("Softmax", [floats(*MATRIX)], nn.softmax)
    yield Case("LogSoftmax", [floats(*MATRIX)], nn.log_softmax)


def convolution(x: Any, kernel: Any, stride: int, groups: int = 1) -> Any:
    return lax.conv_general_dilated(
        x, kernel, (stride, stride), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC"), feature_group_count=groups
    )


def arrangement() -> Iterator[Case]:
    rows, zero = ints(4096, 8192), np.array(0, np.int32)
    table = floats(4096, 64)
    yield Case("GatherV2", [table, rows, zero], lambda x, i, a: jnp.take(x, i, axis=0, mode="clip"), note="axis 0")
    pairs = np.stack([ints(1024, 8192), ints(1024, 8192)], 1)
    yield Case("GatherNd", [floats(*MATRIX), pairs], lambda x, i: x.at[i[:, 0], i[:, 1]].get(mode="clip"))
    yield Case("ScatterNd", [rows[:, None], floats(8192, 64), np.array([4096, 64], np.int32)],
               lambda i, u, s: jnp.zeros((4096, 64), u.dtype).at[i[:, 0]].add(u))  # fmt: skip
    yield Case("Transpose", [floats(*MATRIX), np.array([1, 0], np.int32)], lambda x, p: jnp.transpose(x))
    yield Case("Transpose", [floats(*IMAGES), np.array([0, 3, 1, 2], np.int32)],
               lambda x, p: jnp.transpose(x, (0, 3, 1, 2)), note="NHWC to NCHW")  # fmt: skip
    yield Case("ConcatV2", [[floats(*SQUARE), floats(*SQUARE)], np.array(1, np.int32)],
               lambda x, a: jnp.concatenate(x, 1))  # fmt: skip
    yield Case("Pack", [[floats(*SQUARE), floats(*SQUARE)]], jnp.stack)
    yield Case("Pad", [floats(*IMAGES), np.array([[0, 0], [1, 1], [1, 1], [0, 0]], np.int32)],
               lambda x, p: jnp.pad(x, [(0, 0), (1, 1), (1, 1), (0, 0)]))  # fmt: skip
    yield Case("Tile", [floats(*SQUARE), np.array([2, 2], np.int32)], lambda x, m: jnp.tile(x, (2, 2)))
    yield Case("ReverseV2", [floats(*MATRIX), np.array([1], np.int32)], lambda x, a: jnp.flip(x, 1))
    yield Case("OneHot", [ints(100, 8192), np.array(100, np.int32), np.float32(1), np.float32(0)],
               lambda i, n, a, b: nn.one_hot(i, 100))  # fmt: skip
    yield Case("TopKV2", [floats(256, 1024), np.array(8, np.int32)], lambda x, k: lax.top_k(x, 8))
    yield Case("BroadcastTo", [floats(1024), np.array(MATRIX, np.int32)], lambda x, s: jnp.broadcast_to(x, MATRIX))
    yield Case("MatrixBandPart", [floats(*MATRIX), np.int64(-1), np.int64(0)], lambda x, a, b: jnp.tril(x))
    yield Case("Roll", [floats(*MATRIX), np.array(3, np.int32), np.array(1, np.int32)],
               lambda x, s, a: jnp.roll(x, 3, 1))  # fmt: skip


def linear_algebra() -> Iterator[Case]:
    whole, several = definite(128), definite(32, 16)
    for note, a in (("128", whole), ("16 of 32", several)):
        yield Case("Cholesky", [a], jnp.linalg.cholesky, note=note)
        yield Case("MatrixInverse", [a], jnp.linalg.inv, note=note)
        yield Case("MatrixDeterminant", [a], jnp.linalg.det, note=note)
        yield Case("MatrixExponential", [a / 4], linalg.expm, note=note)
        yield Case("Qr", [a], jnp.linalg.qr, note=note)
        yield Case("SelfAdjointEigV2", [a], jnp.linalg.eigh, note=note)
        yield Case("Svd", [a], lambda x: jnp.linalg.svd(x, full_matrices=False), note=note)
        yield Case("MatrixSolve", [a, a[..., :8]], jnp.linalg.solve, note=note)
        yield Case("MatrixTriangularSolve", [a, a[..., :8]],
                   lambda x, y: lax.linalg.triangular_solve(x, y, left_side=True, lower=True), note=note)  # fmt: skip


def signals_and_images() -> Iterator[Case]:
    signal = (floats(64, 1024) + 1j * floats(64, 1024)).astype(np.complex64)
    yield Case("FFT", [signal], jnp.fft.fft)
    yield Case("IFFT", [signal], jnp.fft.ifft)
    yield Case("FFT2D", [signal.reshape(4, 128, 128)], jnp.fft.fft2)
    yield Case("RFFT", [floats(64, 1024), np.array([1024], np.int32)], lambda x, n: jnp.fft.rfft(x))
    for size in ((128, 128), (32, 32), (100, 90)):
        for name, method in (("ResizeBilinear", "bilinear"), ("ResizeNearestNeighbor", "nearest")):
            yield Case(name, [floats(8, 64, 64, 3), np.array(size, np.int32)],
                       lambda x, s, size=size, how=method: jax.image.resize(x, (8, *size, 3), how, antialias=False),
                       {"half_pixel_centers": True}, f"64x64 to {size[0]}x{size[1]}")  # fmt: skip


FAMILIES = (elementwise, reductions, products, arrangement, linear_algebra, signals_and_images)


def body_of(case: Case) -> Callable[..., Any]:
    """Return the op's body as a step calls it: with all attrs, and with what it checks among the results."""
    definition = lookup(case.type)
    attrs = {name: attr.default for name, attr in definition.attrs.items() if attr.default is not REQUIRED}
    attrs.update(case.attrs)

    def body(*values: Any) -> Any:
        flat = [v for value in values for v in (value if isinstance(value, (list, tuple)) else [value])]
        counts = {arg.many: len(v) for arg, v in zip(definition.inputs, values) if arg.many is not None}
        with collect_checks() as checks:
            result = definition.call(flat, {**attrs, **counts})
        return result, [check.ok for check in checks]

    return body


def compiled(function: Callable[..., Any], case: Case) -> Callable[[], Any]:
    """Return a call of the compiled function on the case's inputs, those that must be known left out."""
    definition = lookup(case.type)
    fixed = {i for i, arg in enumerate(definition.inputs) if arg.static}
    moving = [jax.tree.map(jnp.asarray, v) for i, v in enumerate(case.inputs) if i not in fixed]

    def whole(*values: Any) -> Any:
        rest = iter(values)
        return function(*(v if i in fixed else next(rest) for i, v in enumerate(case.inputs)))

    program = jax.jit(whole).lower(*moving).compile()
    return lambda: jax.block_until_ready(program(*moving))


def ratio(case: Case, rounds: int) -> tuple[float, float, float]:
    """Return the body's time in seconds, the plain call's, and their ratio: the median of that of each round."""
    sides = [compiled(body_of(case), case), compiled(case.plain, case)]
    took = max(shortest(side, 3) for side in sides)
    calls = max(3, min(200, int(0.02 / took)))
    found = [[shortest(side, calls) for side in sides] for _ in range(rounds)]
    ours, theirs = (min(times) for times in zip(*found))
    return ours, theirs, min(ours / theirs, statistics.median(a / b for a, b in found))


def shortest(call: Callable[[], Any], calls: int) -> float:
    best = float("inf")
    for _ in range(calls):
        start = time.perf_counter()
        call()
        best = min(best, time.perf_counter() - start)
    return best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="part of an op's type")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--markdown", action="store_true", help="print a table for docs/op_speed.md")
    args = parser.parse_args()
    row = "| {} | {} | {:.0f} | {:.0f} | {:.2f} |" if args.markdown else "{:24} {:24} {:9.0f} {:9.0f} {:6.2f}"
    found = []
    with jax.enable_x64(True):
        for case in (case for family in FAMILIES for case in family()):
            if args.only in case.type:
                found.append((*ratio(case, args.rounds), case))
                if not args.markdown:
                    print(
                        row.format(case.type, case.note, found[-1][0] * 1e6, found[-1][1] * 1e6, found[-1][2]),
                        flush=True,
                    )
    if args.markdown:
        print("| op | on | body, us | plain JAX, us | ratio |\n| --- | --- | --- | --- | --- |")
        for ours, theirs, quotient, case in sorted(found, key=lambda entry: -entry[2]):
            print(row.format(case.type, case.note, ours * 1e6, theirs * 1e6, quotient))
    slow = sum(entry[2] > 1.1 for entry in found)
    print(f"\n{len(found)} cases, {slow} of them over 1.1; median {statistics.median(e[2] for e in found):.2f}")


if __name__ == "__main__":
    main()
