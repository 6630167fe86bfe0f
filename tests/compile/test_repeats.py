"""What a program repeats becomes calls of one function, and means the same."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from defrun.compile.repeats import as_function


def cell(x, c, h, w, number):
    gates = jnp.concatenate([x, h], 1) @ w
    i, j, f, o = jnp.split(gates, 4, 1)
    c = c * jax.nn.sigmoid(f + number) + jax.nn.sigmoid(i) * jnp.tanh(j)
    return c, jnp.tanh(c) * jax.nn.sigmoid(o)


def network(xs, w, number=lambda step: 1.0):
    c = h = jnp.zeros((2, 3))
    for step, x in enumerate(xs):
        c, h = cell(x, c, h, w, number(step))
    return h


def inputs(steps):
    random = np.random.RandomState(0)
    return [random.randn(2, 3).astype(np.float32) for _ in range(steps)], random.randn(6, 12).astype(np.float32)


def transformed(function, *args):
    """Return the function made of the trace of `function`, what it gives, and the program that XLA gets."""
    closed, shapes = jax.make_jaxpr(function, return_shape=True)(*args)
    made = as_function(closed)

    def run(*args):
        return jax.tree.unflatten(jax.tree.structure(shapes), made(*jax.tree.leaves(args)))

    return jax.jit(run)(*args), jax.jit(run).lower(*args).as_text()


def functions_called(text):
    return text.count('inlineable = "false"')


@pytest.mark.parametrize("steps", [3, 4, 11])
def test_an_unrolled_network_calls_its_cell(steps):
    xs, w = inputs(steps)
    found, text = transformed(network, xs, w)
    np.testing.assert_allclose(found, network(xs, w), rtol=1e-4, atol=1e-6)
    assert functions_called(text) >= steps - 1


def test_gradients_are_calls_too():
    xs, w = inputs(9)

    def loss(xs, w):
        return network(xs, w).sum()

    found, text = transformed(jax.value_and_grad(loss, (0, 1)), xs, w)
    for a, b in zip(jax.tree.leaves(found), jax.tree.leaves(jax.value_and_grad(loss, (0, 1))(xs, w)), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-6)
    assert functions_called(text) >= 14


def test_numbers_that_differ_by_the_step_are_arguments():
    xs, w = inputs(6)
    found, text = transformed(lambda xs, w: network(xs, w, lambda step: step * 0.5), xs, w)
    np.testing.assert_allclose(found, network(xs, w, lambda step: step * 0.5), rtol=1e-4, atol=1e-6)
    assert functions_called(text) >= 5


def test_what_has_no_products_stays_whole():
    def series(x):
        for _ in range(20):
            x = jnp.tanh(x * 2 + 1) - jnp.exp(x) * jnp.sin(x) + 1
        return x

    found, text = transformed(series, jnp.ones(3))
    np.testing.assert_allclose(found, series(jnp.ones(3)), rtol=1e-4, atol=1e-6)
    assert functions_called(text) == 0


def test_steps_that_are_wired_in_another_way_stay_outside():
    xs, w = inputs(9)

    def crossed(xs, w):
        c = h = jnp.zeros((2, 3))
        for step, x in enumerate(xs):
            c, h = cell(x, c, h, w, 1.0) if step != 4 else cell(h, c, x, w, 1.0)
        return c + h

    found, _ = transformed(crossed, xs, w)
    np.testing.assert_allclose(found, crossed(xs, w), rtol=1e-4, atol=1e-6)


def test_results_of_every_step_are_there():
    xs, w = inputs(7)

    def each(xs, w):
        c = h = jnp.zeros((2, 3))
        found = []
        for x in xs:
            c, h = cell(x, c, h, w, 1.0)
            found.append((c * 2, h))
        return found

    found, _ = transformed(each, xs, w)
    np.testing.assert_allclose(np.array(found), np.array(each(xs, w)), rtol=1e-4, atol=1e-6)


def test_branches_inside_the_steps():
    xs, w = inputs(5)

    def stepped(xs, w, limit):
        c = h = jnp.zeros((2, 3))
        for step, x in enumerate(xs):
            c, h = jax.lax.cond(step < limit, lambda x, c, h: cell(x, c, h, w, 1.0), lambda x, c, h: (c, h), x, c, h)
            h = h @ jnp.eye(3)
        return h

    found, text = transformed(stepped, xs, w, 3)
    np.testing.assert_allclose(found, stepped(xs, w, 3), rtol=1e-4, atol=1e-6)
    assert functions_called(text) >= 4
