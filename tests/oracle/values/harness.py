"""Value cases and how to run one under any `tf`: outputs, gradients and static shapes for fixed NumPy inputs."""

import zlib

import numpy as np

DTYPES = {
    "e": np.float16, "f": np.float32, "d": np.float64, "i": np.int32, "l": np.int64, "u": np.uint8, "s": np.int16,
    "c": np.complex64, "z": np.complex128, "b": np.bool_, "S": np.object_,
}  # fmt: skip


class Spec:
    """Describes an input: `make(rng, letter)` draws the array; a fixed `letter` wins over the case's."""

    def __init__(self, draw, shape, letter=None):
        self.draw, self.shape, self.letter = draw, shape, letter

    def make(self, rng, letter):
        dtype = DTYPES[self.letter or letter]
        if dtype is np.object_:
            return as_bytes(self.draw(rng, self.shape, "O"))
        return np.asarray(self.draw(rng, self.shape, np.dtype(dtype).kind)).astype(dtype)


def _real(rng, shape, kind):
    if kind in "iu":
        return rng.randint(0 if kind == "u" else -9, 10, shape)
    if kind == "b":
        return rng.rand(*shape) > 0.5
    values = np.round(2 * rng.randn(*shape), 3)
    return values + 1j * np.round(rng.randn(*shape), 3) if kind == "c" else values


def R(*shape):
    """Real numbers of both signs; whole ones for integer types."""
    return Spec(_real, shape)


def P(*shape):
    """Positive numbers, none near zero."""
    return Spec(
        lambda rng, s, kind: rng.randint(1, 9, s) if kind in "iu" else np.round(0.2 + 3 * rng.rand(*s), 3), shape
    )


def U(*shape):
    """Numbers between -0.9 and 0.9."""
    return Spec(lambda rng, s, kind: np.round(1.8 * rng.rand(*s) - 0.9, 3), shape)


def N(low, high, *shape):
    """Whole numbers from low up to below high, always int32."""
    return Spec(lambda rng, s, kind: rng.randint(low, high, s), shape, "i")


def V(values, letter=None):
    """Just these values; the letter "S" makes them text."""
    return Spec(lambda rng, s, kind: values, None, letter)


def as_bytes(texts):
    """Return an array of bytes objects of nested lists of text or bytes."""
    texts = np.array(texts, np.object_)
    flat = [t.encode("utf-8") if isinstance(t, type("")) else t for t in texts.ravel()]
    out = np.empty(len(flat), np.object_)
    out[:] = flat
    return out.reshape(texts.shape)


class Case:
    """A function of (tf, *inputs) that returns a tensor (a sparse one counts as its three parts) or a list of them."""

    def __init__(self, name, function, inputs, gradient, tolerance):
        self.name, self.function, self.inputs = name, function, inputs
        self.gradient, self.tolerance = gradient, tolerance


class Cases(dict):
    """Collects cases by name: cases(name, function, *specs, dtypes="f")."""

    def __call__(self, name, function, *specs, dtypes="f", gradient=True, tolerance=1e-5):
        for letter in dtypes:
            full = name if dtypes == "f" else "%s-%s" % (name, np.dtype(DTYPES[letter]).name)
            if full in self:
                raise ValueError("two cases are called %s" % full)
            rng = np.random.RandomState(zlib.crc32(name.encode()))
            inputs = [spec.make(rng, letter) for spec in specs]
            loosest = {"e": 4e-3}.get(letter, tolerance)
            self[full] = Case(full, function, inputs, gradient, loosest)


class Built:
    """A case's nodes: its placeholders and their feeds, its output tensors, and later its gradients."""

    def __init__(self, tf, case, static):
        self.case = case
        self.inputs = [
            tf.placeholder(
                tf.string if array.dtype == object else tf.as_dtype(array.dtype), array.shape if static else None
            )
            for array in case.inputs
        ]
        self.feeds = dict(zip(self.inputs, case.inputs))
        outputs = case.function(tf, *self.inputs)
        outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
        parts = [[t.indices, t.values, t.dense_shape] if isinstance(t, tf.SparseTensor) else [t] for t in outputs]
        self.outputs = [tf.convert_to_tensor(t) for several in parts for t in several]

    def shapes(self):
        """Return each output's static dtype and shape as text."""
        return ["%s%s" % (t.dtype.base_dtype.name, _shape_text(t.shape)) for t in self.outputs]

    def add_gradients(self, tf, values):
        """Add the gradients of the float outputs, each weighed by fixed numbers, by the float inputs."""
        chosen = [(t, v) for t, v in zip(self.outputs, values) if t.dtype.base_dtype.is_floating]
        self.wanted = [x for x in self.inputs if x.dtype.is_floating]
        if not chosen or not self.wanted:
            return []
        weights = [_weights(np.shape(value), t.dtype.as_numpy_dtype) for t, value in chosen]
        return tf.gradients([t for t, _ in chosen], self.wanted, grad_ys=[tf.constant(w) for w in weights])


def _weights(shape, dtype):
    return np.cos(np.arange(int(np.prod(shape)))).reshape(shape).astype(dtype)


def _shape_text(shape):
    if shape.ndims is None:
        return "[...]"
    return "[%s]" % ",".join("?" if d is None else str(d) for d in shape.as_list())


def dense(gradient):
    """Return a fetched gradient as an array, sparse ones added up."""
    if not hasattr(gradient, "indices"):
        return gradient
    total = np.zeros(gradient.dense_shape, gradient.values.dtype)
    np.add.at(total, gradient.indices, gradient.values)
    return total


def public_class(tf, error):
    """The name that users catch: the nearest class that is Python's own or stands in tf.errors."""
    for kind in type(error).__mro__:
        if kind.__module__ == "builtins" or hasattr(tf.errors, kind.__name__):
            return kind.__name__
    return type(error).__name__
