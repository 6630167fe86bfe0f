"""Recurrent cells as one operation: an LSTM's step, all of its steps, a GRU's step; with gradients."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
from jax import lax
from jax.nn import sigmoid

from defrun.base import dtypes
from defrun.graph.operation import Operation, Tensor
from defrun.ops.array import shape
from defrun.ops.declare import op
from defrun.ops.join import concat, without_none
from defrun.ops.matrix import matmul
from defrun.ops.nn import bias_add_grad
from defrun.ops.slicing import slice_

_KINDS = frozenset((dtypes.float16, dtypes.float32))
_LSTM_INPUTS = "cs_prev: T[b,u], h_prev: T[b,u], w: T[k,g], wci: T[u], wcf: T[u], wco: T[u], b: T[g]"
_STEP = "i: T[b,u], cs: T[b,u], f: T[b,u], o: T[b,u], ci: T[b,u], co: T[b,u]"
_STEPS = "i: T[t,b,u], cs: T[t,b,u], f: T[t,b,u], o: T[t,b,u], ci: T[t,b,u], co: T[t,b,u]"


def _lstm_step(x: Any, c: Any, h: Any, weights: Any, forget_bias: float, clip: float, peephole: bool) -> Any:
    """Return i, cs, f, o, ci, co, h of a step."""
    w, wci, wcf, wco, b = weights
    i, ci, f, o = jnp.split(jnp.concatenate([x, h], 1) @ w + b, 4, 1)
    i = sigmoid(i + c * wci if peephole else i)
    f = sigmoid((f + c * wcf if peephole else f) + jnp.asarray(forget_bias, x.dtype))
    ci = jnp.tanh(ci)
    cs = ci * i + c * f
    if clip > 0:
        cs = jnp.clip(cs, -clip, clip)
    o = sigmoid(o + cs * wco if peephole else o)
    co = jnp.tanh(cs)
    return i, cs, f, o, ci, co, o * co


def _lstm_step_back(c: Any, weights: Any, step: Any, cs_grad: Any, h_grad: Any, peephole: bool) -> Any:
    """Return the gradients by the memory before the step and by the gates, and those of the peepholes."""
    _, wci, wcf, wco, _ = weights
    i, cs, f, o, ci, co = step
    d_o = o * (1 - o) * h_grad * co
    d_cs = (1 - co * co) * h_grad * o + cs_grad
    if peephole:
        d_cs = d_cs + d_o * wco
    d_ci = (1 - ci * ci) * d_cs * i
    d_f = f * (1 - f) * d_cs * c
    d_i = i * (1 - i) * d_cs * ci
    d_before = d_cs * f
    gates = jnp.concatenate([d_i, d_ci, d_f, d_o], 1)
    if not peephole:
        return d_before, gates, tuple(jnp.zeros_like(w) for w in (wci, wcf, wco))
    peepholes = ((d_i * c).sum(0), (d_f * c).sum(0), (d_o * cs).sum(0))
    return d_before + d_i * wci + d_f * wcf, gates, peepholes


@op("LSTMBlockCell", f"x: T[b,d], {_LSTM_INPUTS} -> {_STEP}, h: T[b,u]", T=_KINDS)
def lstm_block_cell(
    x,
    cs_prev,
    h_prev,
    w,
    wci,
    wcf,
    wco,
    b,
    forget_bias: float = 1.0,
    cell_clip: float = 3.0,
    use_peephole: bool = False,
):
    """Run a step of an LSTM; return its gates, memory and output. The gates stand in the order i, ci, f, o."""
    return _lstm_step(x, cs_prev, h_prev, (w, wci, wcf, wco, b), forget_bias, cell_clip, use_peephole)


@op(
    "LSTMBlockCellGrad",
    f"x: T[b,d], {_LSTM_INPUTS}, {_STEP}, cs_grad: T[b,u], h_grad: T[b,u] -> "
    "cs_prev_grad: T[b,u], dicfo: T[b,g], wci_grad: T[u], wcf_grad: T[u], wco_grad: T[u]",
    T=_KINDS,
    differentiable=False,
)
def lstm_block_cell_grad(
    x, cs_prev, h_prev, w, wci, wcf, wco, b, i, cs, f, o, ci, co, cs_grad, h_grad, use_peephole: bool
):
    """Return the gradients of a step of an LSTM by its memory, its gates and its peepholes."""
    weights, step = (w, wci, wcf, wco, b), (i, cs, f, o, ci, co)
    before, gates, peepholes = _lstm_step_back(cs_prev, weights, step, cs_grad, h_grad, use_peephole)
    return before, gates, *peepholes


@lstm_block_cell.gradient
def _(op, *grads):
    x, _cs_prev, h_prev, w, *_ = op.inputs
    given = without_none(op, grads)
    before, gates, *peepholes = lstm_block_cell_grad(
        *op.inputs, *op.outputs[:6], given[1], given[6], op.get_attr("use_peephole")
    )
    x_grad, h_grad = _parts(matmul(gates, w, transpose_b=True), x, h_prev)
    w_grad = matmul(concat([x, h_prev], 1), gates, transpose_a=True)
    return (x_grad, before, h_grad, w_grad, *peepholes, bias_add_grad(gates))


def _parts(joined: Tensor, first: Tensor, second: Tensor) -> list[Tensor]:
    """Split the columns of `joined` as those of two tensors are."""
    width = first.shape.as_list()[1]
    width = shape(first)[1] if width is None else width
    parts = [slice_(joined, [0, 0], [-1, width]), slice_(joined, [0, width], [-1, -1])]
    for part, like in zip(parts, (first, second), strict=True):
        part.set_shape(like.shape)
    return parts


@op("BlockLSTM", f"seq_len_max: int64[], x: T[t,b,d], {_LSTM_INPUTS} -> {_STEPS}, h: T[t,b,u]", T=_KINDS)
def block_lstm(
    seq_len_max,
    x,
    cs_prev,
    h_prev,
    w,
    wci,
    wcf,
    wco,
    b,
    forget_bias: float = 1.0,
    cell_clip: float = 3.0,
    use_peephole: bool = False,
):
    """Run an LSTM over `x`; what is behind step `seq_len_max` is zero."""
    weights = (w, wci, wcf, wco, b)

    def step(state: Any, row: Any) -> Any:
        time, value = row
        c, h = state
        found = _lstm_step(value, c, h, weights, forget_bias, cell_clip, use_peephole)
        kept = tuple(jnp.where(time < seq_len_max, v, jnp.zeros_like(v)) for v in found)
        return (kept[1], kept[6]), kept

    return lax.scan(step, (cs_prev, h_prev), (jnp.arange(x.shape[0]), x))[1]


@op(
    "BlockLSTMGrad",
    f"seq_len_max: int64[], x: T[t,b,d], {_LSTM_INPUTS}, {_STEPS}, h: T[t,b,u], cs_grad: T[t,b,u], h_grad: T[t,b,u] -> "
    "x_grad: T[t,b,d], cs_prev_grad: T[b,u], h_prev_grad: T[b,u], w_grad: T[k,g], wci_grad: T[u], wcf_grad: T[u], "
    "wco_grad: T[u], b_grad: T[g]",
    T=_KINDS,
    differentiable=False,
)
def block_lstm_grad(
    seq_len_max,
    x,
    cs_prev,
    h_prev,
    w,
    wci,
    wcf,
    wco,
    b,
    i,
    cs,
    f,
    o,
    ci,
    co,
    h,
    cs_grad,
    h_grad,
    use_peephole: bool,
):
    """Return the gradients of `block_lstm` by all that it takes."""
    weights, depth = (w, wci, wcf, wco, b), x.shape[2]

    def step(state: Any, row: Any) -> Any:
        (d_c, d_h, d_w, d_peepholes, d_b), (time, value, c, h, parts, g_c, g_h) = state, row
        before, gates, peepholes = _lstm_step_back(c, weights, parts, d_c + g_c, d_h + g_h, use_peephole)
        runs = time < seq_len_max
        before, gates = (jnp.where(runs, v, jnp.zeros_like(v)) for v in (before, gates))
        joined = gates @ w.T
        d_w = d_w + jnp.concatenate([value, h], 1).T @ gates
        d_peepholes = tuple(jnp.where(runs, a + p, a) for a, p in zip(d_peepholes, peepholes, strict=True))
        return (before, joined[:, depth:], d_w, d_peepholes, d_b + gates.sum(0)), joined[:, :depth]

    zeros = tuple(map(jnp.zeros_like, (cs_prev, h_prev, w))) + ((jnp.zeros_like(wci),) * 3, jnp.zeros_like(b))
    memory, outputs = (jnp.concatenate([first[None], rest[:-1]]) for first, rest in ((cs_prev, cs), (h_prev, h)))
    rows = (jnp.arange(x.shape[0]), x, memory, outputs, (i, cs, f, o, ci, co), cs_grad, h_grad)
    last: Any
    last, d_x = lax.scan(step, zeros, rows, reverse=True)
    d_c, d_h, d_w, d_peepholes, d_b = last
    return d_x, d_c, d_h, d_w, *d_peepholes, d_b


@block_lstm.gradient
def _(op, *grads):
    given = without_none(op, grads)
    found: Any = block_lstm_grad(*op.inputs, *op.outputs, given[1], given[6], op.get_attr("use_peephole"))
    return None, *found


@op(
    "GRUBlockCell",
    "x: T[b,d], h_prev: T[b,u], w_ru: T[k,g], w_c: T[k,u], b_ru: T[g], b_c: T[u] -> "
    "r: T[b,u], u: T[b,u], c: T[b,u], h: T[b,u]",
    T=frozenset((dtypes.float32,)),
)
def gru_block_cell(x, h_prev, w_ru, w_c, b_ru, b_c):
    """Run a step of a GRU; return its gates, its candidate and its output."""
    r, u = jnp.split(sigmoid(jnp.concatenate([x, h_prev], 1) @ w_ru + b_ru), 2, 1)
    c = jnp.tanh(jnp.concatenate([x, h_prev * r], 1) @ w_c + b_c)
    return r, u, c, u * h_prev + (1 - u) * c


@op(
    "GRUBlockCellGrad",
    "x: T[b,d], h_prev: T[b,u], w_ru: T[k,g], w_c: T[k,u], b_ru: T[g], b_c: T[u], r: T[b,u], u: T[b,u], c: T[b,u], "
    "d_h: T[b,u] -> d_x: T[b,d], d_h_prev: T[b,u], d_c_bar: T[b,u], d_r_bar_u_bar: T[b,g]",
    T=frozenset((dtypes.float32,)),
    differentiable=False,
)
def gru_block_cell_grad(x, h_prev, w_ru, w_c, b_ru, b_c, r, u, c, d_h):
    """Return the gradients of a step of a GRU by its input, its state, its candidate and its gates."""
    depth = x.shape[1]
    d_c = d_h * (1 - u) * (1 - c * c)
    d_u = d_h * (h_prev - c) * u * (1 - u)
    to_candidate = d_c @ w_c.T
    d_kept = to_candidate[:, depth:]
    gates = jnp.concatenate([d_kept * h_prev * r * (1 - r), d_u], 1)
    to_gates = gates @ w_ru.T
    d_state = d_h * u + d_kept * r + to_gates[:, depth:]
    return to_candidate[:, :depth] + to_gates[:, :depth], d_state, d_c, gates


@gru_block_cell.gradient
def _(op: Operation, *grads: Any) -> Any:
    x, h_prev, *_ = op.inputs
    r, u, c, _ = op.outputs
    d_x, d_state, d_c, d_gates = gru_block_cell_grad(*op.inputs, r, u, c, without_none(op, grads)[3])
    w_ru_grad = matmul(concat([x, h_prev], 1), d_gates, transpose_a=True)
    w_c_grad = matmul(concat([x, h_prev * r], 1), d_c, transpose_a=True)
    return d_x, d_state, w_ru_grad, w_c_grad, bias_add_grad(d_gates), bias_add_grad(d_c)
