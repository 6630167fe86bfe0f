"""Sample inputs for every op type: made from the signature where it says enough, else from the tables.

Every module in tests/ops/tables may have the tables that `TABLES` names; they are taken together.
"""

import importlib
import pathlib

import numpy as np

from defrun.base import dtypes
from defrun.base.dtypes import DType
from defrun.graph.attrs import shape_attr
from defrun.graph.opdef import REQUIRED
from defrun.ops.broadcast import broadcast
from tests.ops.sample import Sample, x, z


class NoSampleError(Exception):
    """The signature doesn't say enough."""


# -- the tables ------------------------------------------------------------------------------------------------------

TABLES = (
    "SAMPLES",  # op type: sample, or a list of them
    "NOT_CHECKED",  # op type: why it isn't
    "NO_SUCH_TYPE",  # op type: types that a signature allows, as TensorFlow's does, while none has a meaning for them
    "VAGUE",  # op type: why shapes stay unknown where the body's are known
    "NO_GRADIENT_CHECK",  # op type: why its gradient isn't held against JAX's
    "BY_DIFFERENCES",  # op type: why its gradient is taken by differences: JAX doesn't know it, or only by a costly way
    "DEPENDENT",  # op type: (values, attrs) -> values, for inputs that are functions of others, through which it goes
    "AS_TENSORFLOW",  # op type: why its complex gradient lacks a conjugate, as TensorFlow's does
    "NOT_TOWARDS",  # op type: inputs whose gradient is None on purpose, as in TensorFlow
    "ONLY_OUTPUTS",  # op type: how many of the outputs take part; the others are there for the gradient's sake
)
TOGETHER = {name: {} for name in TABLES}
for _path in sorted((pathlib.Path(__file__).parent / "tables").glob("*.py")):
    _module = importlib.import_module(f"tests.ops.tables.{_path.stem}")
    for _name, _table in TOGETHER.items():
        _more = getattr(_module, _name, {})
        assert not _table.keys() & _more.keys(), f"{_path.stem} repeats {_table.keys() & _more.keys()} of {_name}"
        _table.update(_more)
SAMPLES, NOT_CHECKED, NO_SUCH_TYPE, VAGUE, NO_GRADIENT_CHECK = (TOGETHER[name] for name in TABLES[:5])
BY_DIFFERENCES, DEPENDENT, AS_TENSORFLOW, NOT_TOWARDS, ONLY_OUTPUTS = (TOGETHER[name] for name in TABLES[5:])


def reason_to_leave_out(definition):
    """Return why an op is not checked, or an empty text if it is."""
    made, taken = ([arg.type for arg in args] for args in (definition.outputs, definition.inputs))
    if dtypes.resource in made or (dtypes.resource in taken and definition.host):
        return "works on an object that the session keeps: a variable's handle, a queue"
    return NOT_CHECKED.get(definition.type, "")


# -- from the signature ----------------------------------------------------------------------------------------------


def samples_of(definition):
    """Return the samples of an op; `NoSampleError` if there is none in the table and its signature doesn't do."""
    given = SAMPLES.get(definition.type)
    if given is not None:
        return given if isinstance(given, list) else [given]
    made = [_made(definition, x)]
    if definition.shape_rule is broadcast and len(definition.inputs) == 2:
        made.append(_made(definition, x, [(2, 1, 3), (4, 1)]))
    if any(dtypes.complex128 in (a.allowed or ()) for a in definition.attrs.values()) and definition.gradient_rule:
        made.append(_made(definition, z))
    return made


def _made(definition, draw, shapes=None):
    for name, attr in definition.attrs.items():
        if attr.default is REQUIRED and attr.kind != "type" and name not in definition.input_types:
            raise NoSampleError(f"its attr {name} has no default")
    sizes, inputs = {}, []
    for number, arg in enumerate(definition.inputs):
        if arg.static and arg.dims != ():
            raise NoSampleError(f"its input {arg.name} is static")
        shape = shapes[number] if shapes else _shape(arg.dims, sizes)
        if arg.type == dtypes.string:
            raise NoSampleError(f"its input {arg.name} is text")
        drawn = np.moveaxis(draw(*shape, 2 * len(definition.inputs)), -1, 0)[2 * number :]
        value = [1, 1] if arg.static else drawn[:2]
        inputs.append([*value] if arg.many else value[0])
    return Sample(*inputs)


def _shape(dims, sizes):
    if dims is None:
        return (2, 3)
    shape = []
    for name in dims:
        shape.extend((2, 3) if name == "..." else (sizes.setdefault(name, len(sizes) + 2),))
    return tuple(shape)


# -- arrays of the right types ---------------------------------------------------------------------------------------

NAMES = "float16 bfloat16 float32 float64 int8 int16 int32 int64 uint8 uint16 uint32 uint64 complex64 complex128 bool"
TYPES = frozenset(dtypes.as_dtype(name) for name in NAMES.split())
ORDER = {
    "f": "float64 float32 float16 complex128 int32 uint8 bool",
    "i": "int32 int64 uint8 float64 float32",
    "c": "complex128 complex64 float64 float32 int32 bool",
    "b": "bool int32 float64",
}


class Case:
    """One sample of one op: the flat list of arrays, each with its place in the signature, and all attrs."""

    def __init__(self, definition, sample):
        self.definition, self.sample = definition, sample
        self.attrs = {k: _attr(definition.attrs[k], v) for k, v in sample.attrs.items()}
        self.args, self.values = [], []
        if len(sample.inputs) != len(definition.inputs):
            raise NoSampleError(f"{len(sample.inputs)} inputs for {[a.name for a in definition.inputs]}")
        for arg, given in zip(definition.inputs, sample.inputs):
            arrays = [np.asarray(v) for v in (given if arg.many else [given])]
            kinds = self._types(arg, arrays)
            self.args += [arg] * len(arrays)
            self.values += [_cast(v, kind) for v, kind in zip(arrays, kinds)]
        for name, attr in definition.attrs.items():
            if name not in self.attrs:
                if attr.default is REQUIRED and attr.kind != "type":
                    raise NoSampleError(f"its attr {name} has no default")
                self.attrs[name] = _choose(attr, "f") if attr.default is REQUIRED else attr.default
        if definition.type in DEPENDENT:
            given = DEPENDENT[definition.type](self.values, self.attrs)
            self.values = [v.astype(old.dtype) for v, old in zip(given, self.values)]

    def __repr__(self):
        return f"{self.definition.type} of {', '.join(f'{v.dtype}{list(v.shape)}' for v in self.values)}"

    def kind(self, value):
        """Return the dtype of one of the values."""
        return dtypes.string if value.dtype == object else dtypes.as_dtype(value.dtype)

    def _types(self, arg, arrays):
        """Return the dtype for each array of an input; set the attrs that follow from it."""
        name = arg.type
        if arg.many and not arg.typed_list:
            self.attrs[arg.many] = len(arrays)
        if isinstance(name, DType):
            if name != dtypes.resource:
                return [name] * len(arrays)
            name = next((n for n in ("dtype", "T") if n in self.definition.attrs), None)
            if name is None:
                return [dtypes.as_dtype(arrays[0].dtype)]
        if arg.typed_list:
            return self.attrs.setdefault(name, [_choose(self.definition.attrs[name], v.dtype.kind) for v in arrays])
        kind = self.attrs.setdefault(name, _choose(self.definition.attrs[name], arrays[0].dtype.kind, arrays[0].dtype))
        return [kind] * len(arrays)


def _attr(attr, value):
    return shape_attr(value) if attr.kind == "shape" else value


def _choose(attr, kind, given=None):
    """Return the allowed type that suits values of `kind` best; for floats the type that they have."""
    order = [dtypes.as_dtype(name) for name in ORDER[kind].split()]
    if given is not None and kind == "f":
        order = [dtypes.as_dtype(given), *order]
    return next(t for t in order if attr.allowed is None or t in attr.allowed)


def _cast(value, kind):
    """Turn drawn numbers into numbers of `kind`: floats between 0 and 1 into whole numbers up to 9, or bools."""
    if kind == dtypes.string:
        return np.vectorize(str.encode, otypes=[object])(value)
    if value.dtype.kind in "fc" and not (kind.is_floating or kind.is_complex):
        value = value.real > 0.5 if kind.is_bool else value.real * 10
    elif value.dtype.kind == "c" and not kind.is_complex:
        value = value.real
    return value.astype(kind.as_numpy_dtype)
