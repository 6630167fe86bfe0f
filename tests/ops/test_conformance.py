"""What an op says of itself holds: its shapes and types are those of its body, its gradients those of JAX's `vjp`.

Every op type is checked on the samples of `tests/ops/samples.py`. Many ops are compiled at once; where that fails, each
runs alone, so that only the culprit's test fails.
"""

import contextlib
import functools
import importlib
import pkgutil

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import defrun as tf
import defrun.ops
from defrun.graph.check import collect_checks
from defrun.graph.infer import known_in_part
from defrun.graph.opdef import registered
from tests.ops import samples

for module in pkgutil.walk_packages(defrun.ops.__path__, "defrun.ops."):
    importlib.import_module(module.name)
OPS = {name: d for name, d in registered().items() if d.body.__module__.startswith("defrun.")}  # none of other tests
CHECKED = sorted(name for name in OPS if not samples.reason_to_leave_out(OPS[name]))
TOGETHER = 30
ADVICE = """{} can't be checked: {}.
Add a line to SAMPLES in a module of tests/ops/tables:
    "{}": Sample({}),
or, if there is no such thing as a sample of it, to NOT_CHECKED there, with the reason."""


@pytest.mark.parametrize("op_type", sorted(OPS))
def test_has_a_gradient_or_says_that_there_is_none(op_type):
    assert (OPS[op_type].gradient_rule is not None) != (not OPS[op_type].differentiable), (
        f"{op_type} needs a gradient rule, or differentiable=False"
    )


@pytest.mark.parametrize("op_type", CHECKED)
def test_shapes_and_types_are_those_of_the_body(op_type):
    for case in cases(op_type):
        with tf.Graph().as_default():
            op, _ = node(case, "all")
            found = outcome(case, op)
            types = [t.dtype.base_dtype.as_numpy_dtype for t in outputs(op)]
        if OPS[op_type].host:  # whose results are cast
            assert [np.dtype(t).kind for t in types] == [np.dtype(t).kind for t, _ in found]
        else:
            assert [np.dtype(t) for t in types] == [t for t, _ in found]
        for known in ("all", "all but first sizes", "ranks", "nothing", "no values"):
            with tf.Graph().as_default():
                guesses = [t.dims for t in outputs(node(case, known)[0])]
            assert all(fits(guess, dims) for guess, (_, dims) in zip(guesses, found)), (known, guesses, found)
            if known == "all" and not OPS[op_type].host and op_type not in samples.VAGUE:
                assert guesses == [dims for _, dims in found]


@pytest.mark.parametrize("op_type", CHECKED)
def test_body_takes_every_type_of_the_signature(op_type):
    definition = OPS[op_type]
    sample = cases(op_type)[0].sample
    for name in definition.input_types:
        allowed = definition.attrs[name].allowed or samples.TYPES
        for kind in samples.TYPES & allowed if definition.attrs[name].kind == "type" else ():
            if kind.name in samples.NO_SUCH_TYPE.get(op_type, "").split():
                continue
            case = samples.Case(definition, samples.Sample(*sample.inputs, **{**sample.attrs, name: kind}))
            with tf.Graph().as_default():
                op, _ = node(case, "all")
                kinds = [t.dtype.base_dtype.as_numpy_dtype for t in outputs(op)]
                found = [t for t, _ in outcome(case, op)]
            assert [np.dtype(k).kind for k in kinds] == [t.kind for t in found], f"{name} = {kind.name}"


def fits(guess, dims):
    """Whether an inferred shape doesn't contradict the true one."""
    return guess is None or (len(guess) == len(dims) and all(g in (None, d) for g, d in zip(guess, dims)))


def test_the_tables_name_ops():
    assert not {name for table in samples.TOGETHER.values() for name in table} - OPS.keys()


def test_an_op_without_a_sample_says_what_to_add(monkeypatch):
    monkeypatch.delitem(samples.SAMPLES, "Conv2D")
    with pytest.raises(
        pytest.fail.Exception, match=r'has no default.\nAdd a line to SAMPLES .*\n +"Conv2D": Sample\(input'
    ):
        cases("Conv2D")


def cases(op_type):
    """Return the samples of an op with their types; the test fails, saying what to add, if there is none."""
    definition = OPS[op_type]
    try:
        return [samples.Case(definition, sample) for sample in samples.samples_of(definition)]
    except samples.NoSampleError as error:
        arguments = [a.name for a in definition.inputs] + [f"{n}=..." for n in definition.attrs]
        pytest.fail(ADVICE.format(op_type, error, op_type, ", ".join(arguments)), pytrace=False)


# -- nodes and bodies ------------------------------------------------------------------------------------------------


def node(case, known):
    """Add the op with inputs of which the graph knows `known`; return it and {tensor: value} to feed."""
    graph, feeds, inputs = tf.get_default_graph(), {}, []
    for arg, value in zip(case.args, case.values):
        kind, dims = case.kind(value), seen(value.shape, known)
        if arg.ref or arg.type == tf.resource:
            attrs = {"dtype": kind, "shape": samples.shape_attr(dims)}
            inputs += graph.create_op("VariableV2" if arg.ref else "VarHandleOp", [], attrs=attrs).outputs
        elif arg.static and known != "no values":
            inputs.append(tf.constant(value))
        else:
            inputs.append(tf.placeholder(kind, dims))
            feeds[inputs[-1]] = value
    return graph.create_op(case.definition.type, inputs, attrs=dict(case.attrs)), feeds


def seen(dims, known):
    if known == "nothing":
        return None
    if known == "ranks":
        return (None,) * len(dims)
    return (None, *dims[1:]) if known == "all but first sizes" and dims else dims


def outputs(op):
    """Return the outputs that the body computes: not references to what it writes."""
    return [t for t in op.outputs if not (t.dtype._is_ref_dtype and op.definition.writes)]


def body(case, op):
    """Return the body as a function of all inputs."""
    definition, extra = case.definition, {}
    if definition.initial_state:
        extra["state"] = definition.initial_state(case.attrs)
    if definition.declared:
        extra["dims"] = [v.shape for v in case.values]
    if definition.static_rule and op is not None:
        extra["known"] = known_in_part(op)

    def run(values):
        with collect_checks():
            result = definition.call(values, case.attrs, **extra)
        results = list(result) if isinstance(result, (list, tuple)) else [] if result is None else [result]
        results = results[len(definition.writes) :]
        return results[:-1] if definition.initial_state else results

    return run


def outcome(case, op):
    """Return the dtype and the shape of each of the body's results."""
    run = body(case, op)
    if case.definition.host:
        results = [np.asarray(v) for v in run(case.values)]
    else:
        with jax.enable_x64(True):
            results = jax.eval_shape(lambda given: run(merged(case, given)), traceable(case))
    return [(r.dtype, r.shape) for r in results]


@contextlib.contextmanager
def quick_to_compile():
    """Let XLA take less trouble: each program here runs once."""
    before = jax.config.values["jax_disable_most_optimizations"]
    jax.config.update("jax_disable_most_optimizations", True)
    try:
        yield
    finally:
        jax.config.update("jax_disable_most_optimizations", before)


# -- folding ---------------------------------------------------------------------------------------------------------

FOLDING = [name for name in CHECKED if OPS[name].folds and not OPS[name].host]


@pytest.mark.parametrize("op_type", FOLDING)
def test_body_gives_the_same_on_numpy(op_type):
    for case, values in zip(cases(op_type), compiled()[op_type]):
        with tf.Graph().as_default(), np.errstate(all="ignore"):
            op, _ = node(case, "all")
            found = body(case, op)(case.values)
        for tensor, got, wanted in zip(outputs(op), found, values):
            got, wanted = (np.asarray(v, tensor.dtype.as_numpy_dtype) for v in (got, wanted))
            assert got.shape == wanted.shape
            np.testing.assert_allclose(got, wanted, rtol=1e-12, err_msg=str(case))


@functools.cache
def compiled():
    """Run the bodies that also fold constants as one compiled program; return {op type: values for each sample}."""
    sampled = {name: cases(name) for name in FOLDING}

    def run(given):
        return {
            name: [body(case, None)(merged(case, values)) for case, values in zip(sampled[name], given[name])]
            for name in FOLDING
        }

    with quick_to_compile(), jax.enable_x64(True):
        return jax.jit(run)({name: [traceable(case) for case in sampled[name]] for name in FOLDING})


def traceable(case):
    """Return the values that a compiled body gets as arrays, by place."""
    return {i: v for i, (a, v) in enumerate(zip(case.args, case.values)) if not a.static and v.dtype != object}


def merged(case, given):
    return [given.get(i, v) for i, v in enumerate(case.values)]


# -- gradients -------------------------------------------------------------------------------------------------------


WITH_GRADIENT = [
    name for name in CHECKED if OPS[name].gradient_rule is not None and name not in samples.NO_GRADIENT_CHECK
]


@pytest.mark.parametrize("op_type", WITH_GRADIENT)
def test_gradients_are_those_of_the_body(op_type):
    for result in results(op_type):
        if result.error:
            raise result.error
        for known, got in result.got.items():
            for place, gradient in got.items():
                name = result.case.args[place].name
                if name in samples.NOT_TOWARDS.get(op_type, ()):
                    assert gradient is None, f"{op_type} has a gradient for {name}: take it off NOT_TOWARDS"
                    continue
                wanted = result.wanted[place]
                assert np.isfinite(wanted).all(), f"the gradient for {name} is {wanted}: choose another sample"
                zero = np.zeros_like(wanted) if gradient is None else gradient
                said = problem(zero, wanted)
                which = f"the gradient of outputs {[*result.chosen]} by {name}"
                assert not said, f"{result.case}, {known} known: {which} {said}"


def problem(got, wanted):
    """Say where a gradient differs, if it does."""
    if (got.dtype, got.shape) != (wanted.dtype, wanted.shape):
        return f"is {got.dtype}{list(got.shape)}, not {wanted.dtype}{list(wanted.shape)}"
    tolerance = 1e-6 if wanted.dtype.name in ("float64", "complex128") else 2e-4
    same = np.isclose(got, wanted, rtol=tolerance, atol=tolerance * np.abs(wanted).max(initial=0))
    if np.all(same):
        return ""
    place = tuple(int(i) for i in np.argwhere(~same)[0])
    return f"at {list(place)} is {got[place]}, not {wanted[place]} ({np.sum(~same)} of {same.size} places differ)"


class Result:
    """What came of one case: gradients by input, with known and unknown sizes, and what they should be."""

    def __init__(self, case, chosen):
        self.case, self.chosen, self.error, self.got, self.wanted = case, chosen, None, {}, {}


def results(op_type):
    """Return the results of an op's cases."""
    return group_results(WITH_GRADIENT.index(op_type) // TOGETHER)[op_type]


@functools.cache
def group_results(number):
    """Differentiate a group of ops at once, each alone where that fails; return {op type: results}."""
    found = {}
    for name in WITH_GRADIENT[number * TOGETHER : (number + 1) * TOGETHER]:
        try:
            found[name] = [Result(case, chosen) for case in cases(name) for chosen in choices(case)]
        except pytest.fail.Exception as error:
            found[name] = [Result(None, None)]
            found[name][0].error = error
    everything = [r for members in found.values() for r in members if not r.error]
    with quick_to_compile():
        try:
            compare(everything)
        except Exception:
            for result in everything:
                try:
                    compare([result])
                except Exception as error:
                    result.error = error
    return found


def compare(members):
    """Fill in the gradients of several cases."""
    for known in ("all", "ranks"):
        with tf.Graph().as_default(), tf.Session() as session:
            parts = [Part(r.case, r.chosen, known) for r in members]
            feeds = {t: v for part in parts for t, v in part.feeds.items()}
            session.run([part.assigns for part in parts], feeds)
            found = session.run([[g for g in part.gradients.values() if g is not None] for part in parts], feeds)
        for result, part, values in zip(members, parts, found):
            values = iter(values)
            result.got[known] = {i: None if g is None else dense(next(values)) for i, g in part.gradients.items()}
    by_differences = [p.case.definition.host or p.op.type in samples.BY_DIFFERENCES for p in parts]
    on_device = [(r, part) for r, part, numeric in zip(members, parts, by_differences) if not numeric]
    with jax.enable_x64(True):
        wanted = jax.jit(lambda: [pulled_back(part) for _, part in on_device])()
    for (result, _), values in zip(on_device, wanted):
        result.wanted = {i: np.asarray(v) for i, v in values.items()}
    for result, part, numeric in zip(members, parts, by_differences):
        if numeric:
            with jax.enable_x64(True):
                result.wanted = differences(part)


def choices(case):
    """Return which outputs to differentiate: all float ones, and each alone."""
    if not floats(case) or (case.definition.type in samples.AS_TENSORFLOW and case.values[0].dtype.kind == "c"):
        return []
    with tf.Graph().as_default():
        kinds = outcome(case, node(case, "all")[0])
    chosen = {
        i: weights(dims, kind)
        for i, (kind, dims) in enumerate(kinds[: samples.ONLY_OUTPUTS.get(case.definition.type)]) if kind.kind in "fc"
    }  # fmt: skip
    return [chosen, *({i: w} for i, w in chosen.items() if len(chosen) > 1)] if chosen else []


def floats(case):
    """Return the places of the inputs to differentiate by."""
    return [i for i, (a, v) in enumerate(zip(case.args, case.values)) if v.dtype.kind in "fc" and not a.static]


class Part:
    """One case's nodes: the op, the gradients of its float outputs by its float inputs, what to feed and run first."""

    def __init__(self, case, chosen, known):
        self.case, self.chosen = case, chosen
        self.op, self.feeds = node(case, known)
        self.assigns = [
            tf.raw_ops.AssignVariableOp(resource=t, value=v)
            for a, t, v in zip(case.args, self.op.inputs, case.values) if a.type == tf.resource
        ]  # fmt: skip
        ys, xs = [self.op.outputs[i] for i in self.chosen], floats(case)
        starts = {tf.placeholder(w.dtype, w.shape): w for w in self.chosen.values()}  # constants would be folded away
        self.feeds.update(starts)
        grads = tf.gradients(ys, [self.op.inputs[i] for i in xs], list(starts))
        self.gradients = dict(zip(xs, grads))

    def function(self):
        """Return the float inputs that have gradients, by place, and the body as a function of them."""
        left_out = samples.NOT_TOWARDS.get(self.op.type, ())
        given = {i: self.case.values[i] for i in self.gradients if self.case.args[i].name not in left_out}
        run = body(self.case, self.op)

        def of_floats(changed):
            values = merged(self.case, changed)
            dependent = samples.DEPENDENT.get(self.op.type)
            results = run(dependent(values, self.case.attrs) if dependent else values)
            return [results[i] for i in self.chosen]

        return given, of_floats


def pulled_back(part):
    """Return JAX's gradients by place. TensorFlow's gradient of a complex number is the conjugate of JAX's."""
    given, function = part.function()
    _, back = jax.vjp(function, {i: jnp.asarray(v) for i, v in given.items()})
    return {i: g.conj() for i, g in back([jnp.asarray(w.conj()) for w in part.chosen.values()])[0].items()}


def differences(part, step=1e-6):
    """Return the gradients of a body by differences."""
    given, function = part.function()
    found = {i: np.zeros_like(v) for i, v in given.items()}
    for i, value in given.items():
        for at in np.ndindex(value.shape):
            ends = []
            for sign in (1, -1):
                moved = value.copy()
                moved[at] += sign * step
                ends.append([np.asarray(r) for r in function({**given, i: moved})])
            found[i][at] = sum((w * (a - b)).sum() for w, a, b in zip(part.chosen.values(), *ends)) / (2 * step)
    return found


def weights(shape, dtype):
    """Return numbers for the gradients to start from."""
    real = np.cos(1 + np.arange(np.prod(shape))).reshape(shape)
    return (real + 1j * np.sin(2 + real) if dtype.kind == "c" else real).astype(dtype)


def dense(gradient):
    """Return a fetched gradient as an array, sparse ones added up."""
    if not hasattr(gradient, "indices"):
        return gradient
    total = np.zeros(gradient.dense_shape, gradient.values.dtype)
    np.add.at(total, gradient.indices, gradient.values)
    return total
