"""How an op is written: the function is the op.

>>> @op("MatMul", "a: T[m,k], b: T[k,n] -> product: T[m,n]", T=NUMERIC)
... def mat_mul(a, b, transpose_a: bool = False, transpose_b: bool = False):
...     '''Multiply matrix `a` by matrix `b`.'''
...     return lax.dot(a.T if transpose_a else a, b.T if transpose_b else b)

The decorator's line is TensorFlow's signature of the op type: inputs and outputs as ``name: [ref|static] TYPE[dims]``,
where TYPE is a dtype, a type attr, ``N * T`` or ``list(Tin)``, and dims name axes (the same name is the same size,
``...`` is any number of axes, the same ones wherever it stands, no brackets is any shape). Parameters that are not
inputs
are attrs. The docstring is the user's documentation, the body is the meaning in JAX; it sees arrays. Calling the
function adds a node to the graph.

Keyword-only parameters of a body ask for what else it heeds: ``ok``, whether the checks of the step hold (a body that
takes it leaves what it writes as it is where they don't: rows of a table are left out, the table is not copied);
``padded``, whether inputs have rows too many at their end (see plan/padding); ``dims``, the shapes in the graph.

Where the signature doesn't say the output's shape, ``@mat_mul.shape`` gives a rule (see `OpFunction.shape`). Every op
has a gradient rule, ``@mat_mul.gradient``, or says ``differentiable=False``.
"""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np
from tensorboard.compat.proto import tensor_pb2

from defrun.base import dtypes
from defrun.base.dtypes import DType
from defrun.base.errors import FailedPreconditionError, OpError
from defrun.base.shapes import TensorShape
from defrun.base.tensors import make_ndarray
from defrun.graph.attrs import Func, TensorValue, shape_attr
from defrun.graph.convert import base_type, convert_to_tensor, graph_of
from defrun.graph.graph import Graph
from defrun.graph.infer import complete_attrs, infer
from defrun.graph.opdef import (
    REQUIRED,
    UNKNOWN_SHAPE,
    Arg,
    Attr,
    Counted,
    Digest,
    OpDef,
    Shape,
    parse_signature,
    register,
)
from defrun.graph.operation import Operation, Tensor

_KINDS = {
    "bool": "bool",
    "int": "int",
    "float": "float",
    "str": "string",
    "DType": "type",
    "Dims": "shape",
    "TensorValue": "tensor",
    "Func": "func",
    "list[int]": "list(int)",
    "list[float]": "list(float)",
    "list[bool]": "list(bool)",
    "list[str]": "list(string)",
    "list[DType]": "list(type)",
    "list[Dims]": "list(shape)",
    "list[Func]": "list(func)",
}

Types = frozenset[DType]


def op(
    op_type: str,
    schema: str,
    *,
    shape: Callable[..., Any] | None = None,
    writes: str | tuple[str, ...] = (),
    reads: bool = True,
    unset: type[OpError] = FailedPreconditionError,
    host: bool = False,
    folds: bool = False,
    stateful: bool = False,
    differentiable: bool = True,
    forwards: bool = False,
    variable: bool = False,
    resource: bool = False,
    transient: bool = False,
    tells: Callable[[Operation, int], list[Tensor] | None] | None = None,
    host_where: Callable[[Operation], bool] | None = None,
    placeholder: bool = False,
    of_shape: str = "",
    if_padded: Any = None,
    control: bool = False,
    may_be_empty: tuple[str, ...] = (),
    state: Callable[[dict[str, Any]], Any] | None = None,
    **allowed: Any,
) -> Callable[[Callable[..., Any]], OpFunction]:
    """Declare an op type. The keywords are the fields of `OpDef`; the rest (``T=NUMERIC``) says which types an attr
    takes.

    ``T=(INDEX, int32)`` gives a default too; for a string attr, ``padding=("SAME", "VALID")`` lists its values.
    """
    inputs, outputs = parse_signature(schema)
    written = (writes,) if isinstance(writes, str) else writes

    def declare(function: Callable[..., Any]) -> OpFunction:
        attrs = _attrs(function, inputs, allowed)
        names = tuple(p for p in _parameters(function) if p in attrs)
        definition = OpDef(
            type=op_type,
            inputs=inputs,
            outputs=outputs,
            attrs=attrs,
            body=function,
            body_attrs=names,
            differentiable=differentiable,
            writes=written,
            gated="ok" in _keywords(function),
            reads=reads,
            unset=unset,
            forwards=forwards,
            variable=variable,
            resource=resource,
            transient=transient,
            tells=tells,
            host_where=host_where,
            placeholder=placeholder,
            host=host or resource,
            folds=folds,
            of_shape=of_shape,
            if_padded=_if_padded(if_padded, shape, inputs),
            control=control,
            may_be_empty=may_be_empty,
            declared="dims" in _keywords(function),
            stateful=stateful or bool(written) or variable or resource or transient or state is not None,
            initial_state=state,
        )
        made = OpFunction(function, definition)
        if shape is not None:
            made.shape(shape)
        register(definition)
        return made

    return declare


def _if_padded(given: Any, shape: Any, inputs: tuple[Arg, ...]) -> Any:
    """Return what comes of padded inputs: where the shape rule is that of work element by element, it stays padded."""
    if given is None and getattr(shape, "elementwise", False):
        given = "keeps"
    return {arg.name: given for arg in inputs} if isinstance(given, str) else given or {}


# Read off the code object: `inspect.signature` of hundreds of ops would take longer than the rest of the import.


def _parameters(function: Callable[..., Any]) -> dict[str, Any]:
    """Return inputs and attrs with their defaults (REQUIRED: none): not ``state``, not the ``run`` of control flow."""
    code = function.__code__
    names = code.co_varnames[: code.co_argcount]
    defaults = function.__defaults__ or ()
    values = (REQUIRED,) * (len(names) - len(defaults)) + defaults
    return {name: default for name, default in zip(names, values, strict=True) if name != "run"}


def _keywords(function: Callable[..., Any]) -> tuple[str, ...]:
    """Return the keyword-only parameters: what the body asks for beside inputs and attrs."""
    code = function.__code__
    return code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]


def _takes_shapes(rule: Callable[..., Any]) -> bool:
    """Whether a rule has the form ``rule(*shapes)``."""
    return bool(rule.__code__.co_flags & inspect.CO_VARARGS)


def _attrs(function: Callable[..., Any], inputs: tuple[Arg, ...], allowed: dict[str, Any]) -> dict[str, Attr]:
    found: dict[str, Attr] = {}
    names = {arg.name for arg in inputs}
    parameters = _parameters(function)
    missing = names - parameters.keys()
    if missing:
        raise TypeError(f"{function.__name__} lacks the inputs {sorted(missing)}")
    for name, default in parameters.items():
        if name in names:
            continue
        annotation = function.__annotations__.get(name, "")
        annotation = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", str(annotation))
        if annotation not in _KINDS:
            raise TypeError(f"{function.__name__}: the attr {name} needs one of the annotations {sorted(_KINDS)}")
        kind = _KINDS[annotation]
        found[name] = Attr(name, kind, _attr_value(kind, default, name) if default is not REQUIRED else REQUIRED)
    for arg in inputs:
        if isinstance(arg.type, str) and arg.type not in found:
            kind = "list(type)" if arg.typed_list else "type"
            found[arg.type] = Attr(arg.type, kind, REQUIRED)
        if arg.many is not None and arg.many not in found:
            found[arg.many] = Attr(arg.many, "int", REQUIRED)
    for name, choice in allowed.items():
        if name not in found:
            raise TypeError(f"{function.__name__} has no attr {name}")
        attr = found[name]
        default = attr.default
        if isinstance(choice, tuple) and attr.kind != "string":
            choice, default = choice
        found[name] = Attr(name, attr.kind, default, None if choice is None else frozenset(choice))
    return found


class OpFunction:
    """A declared op. Calling it adds a node and returns its output (a list for several, the operation for none)."""

    def __init__(self, function: Callable[..., Any], definition: OpDef) -> None:
        self.definition = definition
        self.lower = function
        self.__name__ = function.__name__
        self.__qualname__ = function.__qualname__
        self.__module__ = function.__module__
        self.__doc__ = function.__doc__
        self.__wrapped__ = function
        self._inputs = tuple(arg.name for arg in definition.inputs)
        self._takes = tuple(_parameters(function))
        self._required = {n for n in self._takes if n in self._inputs or definition.attrs[n].default is REQUIRED}

    def __getattr__(self, name: str) -> Any:
        if name != "__signature__":
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        signature = inspect.signature(self.lower)
        parameters = [signature.parameters[n] for n in self._takes]
        last = inspect.Parameter("name", inspect.Parameter.POSITIONAL_OR_KEYWORD, default=None, annotation="str | None")
        self.__signature__ = signature.replace(
            parameters=[*parameters, last], return_annotation=inspect.Signature.empty
        )
        return self.__signature__

    def shape(self, rule: Callable[..., Any]) -> Callable[..., Any]:
        """Give the rule for the output's shape.

        Its parameters are named after the inputs and attrs that it needs. It gets the shape of an input as a tuple
        (None: a size that is not known) or None (not even the rank), of an input marked static the value (array; list
        with None in
        it; None), and returns the output's shape, or a list of shapes if there are several outputs. It raises
        `ValueError` if the shapes don't go together. A rule with ``*shapes`` gets the shapes of all inputs in order.
        """
        definition = self.definition
        if definition.shape_rule is not None:
            raise ValueError(f"{definition.type} has a shape rule already")
        if not _takes_shapes(rule):
            parameters = _parameters(rule)
            unknown = parameters.keys() - set(self._inputs) - definition.attrs.keys()
            if unknown:
                raise TypeError(
                    f"shape rule of {definition.type} asks for {sorted(unknown)}, which the op doesn't have"
                )
            definition.shape_rule_takes = tuple(parameters)
        definition.shape_rule = _titled(rule, f"{definition.type}.shape")
        return rule

    def static(self, rule: Callable[..., Any]) -> Callable[..., Any]:
        """Give the rule that says which of the inputs marked static must be known indeed when a node is compiled.

        Its parameters are those of a shape rule; it returns names of inputs. The body gets the others as arrays that
        may be traced, and what the graph knows of their values as the keyword ``known`` (a dict by name, as rules see
        them).
        """
        definition = self.definition
        definition.static_rule = _titled(rule, f"{definition.type}.static")
        definition.static_rule_takes = tuple(_parameters(rule))
        return rule

    def padded(self, *types: DType, outputs: int = 1) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Give the body for a device of an op of the host whose results' size depends on the values.

        It pads the first axis of its first `outputs` up to a size that the inputs' shapes say; indices are padded with
        `bounds.padding`. It is used for a first input of one of `types`, and where all that takes the outputs is fine
        with that.
        """

        def give(body: Callable[..., Any]) -> Callable[..., Any]:
            self.definition.padded_form, self.definition.padded_types = body, frozenset(types)
            self.definition.padded_outputs = outputs
            return body

        return give

    def counted(
        self, by: str, count: Callable[..., Any], **fields: Any
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Give the body for a device of an op of the host; it takes, last, how many rows the result has.

        It is used where the first input is made on the device.

        Parameters
        ----------
        by : str
            The input that the number follows from.
        count : function
            Takes it, on the host, and returns the number.
        **fields
            Of `OpDef`, as they are with this body.
        """

        def give(body: Callable[..., Any]) -> Callable[..., Any]:
            whole = self.definition
            taken = next(arg for arg in whole.inputs if arg.name == by)
            told, last = (Arg("rows", dtypes.int32, static=static, dims=()) for static in (False, True))
            part = OpDef(whole.type, (taken,), (told,), whole.attrs, count, differentiable=False, host=True)
            rest = replace(whole, inputs=(*whole.inputs, last), body=body, host=False, **fields)
            whole.counted = Counted(by, part, rest)
            return body

        return give

    def digest(
        self, schema: str, rest: Callable[..., Any] | None = None
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Give the body for a device that tells what an op of the host needs to know of an input.

        It is used where the input is made on the device, so that only the digest comes to the host.

        Parameters
        ----------
        schema : str
            ``values: T -> counts: float64[7]``. An output with known dims is made only if it is smaller than the input.
        rest : function, optional
            Takes the digest in the place of the input; by default the body of the op.
        """

        def give(body: Callable[..., Any]) -> Callable[..., Any]:
            whole = self.definition
            (taken,), (told,) = parse_signature(schema)
            names = tuple(p for p in _parameters(body) if p in whole.attrs)
            part = OpDef(whole.type, (taken,), (told,), whole.attrs, body, names, differentiable=False)
            inputs = tuple(replace(arg, type=told.type) if arg.name == taken.name else arg for arg in whole.inputs)
            whole.digest = Digest(taken.name, part, replace(whole, inputs=inputs, body=rest or self.lower, digest=None))
            return body

        return give

    def gradient(self, rule: Callable[..., Any]) -> Callable[..., Any]:
        """Give the gradient rule: ``rule(op, *grads)`` adds nodes and returns one gradient (or None) per input."""
        definition = self.definition
        if definition.gradient_rule is not None or not definition.differentiable:
            raise ValueError(f"{definition.type} has a gradient rule already, or none by declaration")
        definition.gradient_rule = _titled(rule, f"{definition.type}.gradient")
        return rule

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        node = self.node(*args, **kwargs)
        outputs = node.outputs
        if len(outputs) == 1 and self.definition.outputs[0].many is None:
            return outputs[0]
        return list(outputs) if outputs or self.definition.outputs else node  # a list that the caller may change

    def node(self, *args: Any, **kwargs: Any) -> Operation:
        """Add a node and return its operation."""
        definition = self.definition
        name = kwargs.pop("name", None)
        if len(args) > len(self._takes):
            if len(args) > len(self._takes) + 1:
                raise TypeError(f"{self.__name__}() takes at most {len(self._takes) + 1} arguments, got {len(args)}")
            name = args[-1]
            args = args[:-1]
        given = dict(zip(self._takes, args, strict=False))
        for key, value in kwargs.items():
            if key in given:
                raise TypeError(f"{self.__name__}() got multiple values for argument '{key}'")
            if key not in self._takes and key not in definition.attrs:
                raise TypeError(f"{self.__name__}() got an unexpected keyword argument '{key}'")
            given[key] = value
        if not self._required <= given.keys():
            missing = ", ".join(sorted(self._required - given.keys()))
            raise TypeError(f"{self.__name__}() misses {missing}")
        values = [given.pop(key) for key in self._inputs]
        attrs: dict[str, Any] = {}
        for key, attr in definition.attrs.items():
            if key in given:
                value = given[key]
                if value is None and attr.default is not REQUIRED:
                    value = attr.default
                attrs[key] = value if value is attr.default else _checked(attr, value, self.definition.type)
        name = name or definition.type
        if all(isinstance(value, Tensor) for value in values):
            return _add(definition, values[0]._op.graph if values else graph_of(()), values, attrs, name)
        flat = [t for v in values for t in (v if isinstance(v, (list, tuple)) else (v,))]
        graph = graph_of(flat)
        with graph.as_default(), graph.name_scope(name) as scope:
            return _add(definition, graph, values, attrs, scope)

    def __repr__(self) -> str:
        return f"<op {self.definition.type} {self.__name__}{self.__signature__}>"


def _titled(rule: Callable[..., Any], title: str) -> Callable[..., Any]:
    """Name the rule's code after the op, so that tracebacks tell more than ``_``."""
    rule.__code__ = rule.__code__.replace(co_name=title)
    return rule


def _add(definition: OpDef, graph: Graph, values: list[Any], attrs: dict[str, Any], name: str) -> Operation:
    flat: list[Tensor] = []
    origin: dict[str, str] = {}
    for arg, value in zip(definition.inputs, values, strict=True):
        if arg.many is not None:
            flat.extend(_convert_list(definition, arg, value, attrs, origin))
        else:
            flat.append(_convert(definition, arg, value, attrs, origin, arg.name))
    complete_attrs(definition, flat, attrs)
    where = graph if not graph.building_function else graph_of(())
    types, dims = infer(definition, flat, attrs, name)
    target = graph_for(flat, where)
    if not definition.has_refs:
        return target.add(definition, flat, attrs, name, types, dims)
    with contextlib.ExitStack() as stack:  # updates are placed with what they update
        for arg, tensor in zip(definition.flat_args(attrs), flat, strict=True):
            if arg.ref:
                stack.enter_context(target.colocate_with(tensor._op))
        return target.add(definition, flat, attrs, name, types, dims)


def graph_for(tensors: list[Tensor], default: Graph) -> Graph:
    """Return the graph to add to: the default graph if it is a function's, else that of the tensors."""
    current = graph_of(())
    if current.building_function:
        return current
    for tensor in tensors:
        if tensor._op.graph is not default:
            raise ValueError(f"{tensor} must be from the same graph as {tensors[0]}.")
    return default


def _convert(
    definition: OpDef, arg: Arg, value: Any, attrs: dict[str, Any], origin: dict[str, str], name: str
) -> Tensor:
    wanted = arg.type if isinstance(arg.type, DType) else attrs.get(arg.type)
    if isinstance(value, Tensor):
        tensor = value
    else:
        default = None
        if wanted is None and isinstance(arg.type, str):
            default = definition.attrs[arg.type].default
            default = None if default is REQUIRED else default
        tensor = _convert_value(definition, arg, value, wanted, default, origin, name)
    kind = tensor._dtype
    base = kind.base_dtype
    if arg.ref and not kind._is_ref_dtype:
        raise TypeError(
            f"'{definition.type}' Op requires that input '{arg.name}' be a mutable tensor (e.g.: a tf.Variable)"
        )
    if wanted is None:
        _check_allowed(definition.attrs[arg.type], arg, base)  # type: ignore[index]
        attrs[arg.type] = base  # type: ignore[index]
        origin[arg.type] = arg.name  # type: ignore[index]
    elif base is not wanted:
        _mismatch(definition, arg, base, wanted, origin)
    return tensor


def _check_allowed(attr: Attr, arg: Arg, kind: DType) -> None:
    if attr.allowed is not None and kind not in attr.allowed:
        raise TypeError(
            f"Value passed to parameter '{arg.name}' has DataType {kind.name} not in list of allowed values: "
            f"{', '.join(sorted(t.name for t in attr.allowed))}"
        )


def _mismatch(definition: OpDef, arg: Arg, base: DType, wanted: DType, origin: dict[str, str]) -> None:
    other = origin.get(arg.type) if isinstance(arg.type, str) else None
    expected = f"type {wanted.name} of argument '{other}'" if other else f"expected type of {wanted.name}"
    raise TypeError(
        f"Input '{arg.name}' of '{definition.type}' Op has type {base.name} that does not match {expected}."
    )


def _convert_value(
    definition: OpDef,
    arg: Arg,
    value: Any,
    wanted: DType | None,
    default: DType | None,
    origin: dict[str, str],
    name: str,
) -> Tensor:
    own = base_type(value)
    if own is not None and wanted is not None and own is not wanted:
        _mismatch(definition, arg, own, wanted, origin)
    try:
        return convert_to_tensor(value, dtype=wanted, name=name, preferred_dtype=default, as_ref=arg.ref)
    except (TypeError, ValueError) as error:
        if wanted is None:
            raise
        raise TypeError(
            f"Expected {wanted.name} passed to parameter '{arg.name}' of op '{definition.type}', got {value!r} of type "
            f"'{type(value).__name__}' instead. Error: {error}"
        ) from None


def _convert_list(
    definition: OpDef, arg: Arg, values: Any, attrs: dict[str, Any], origin: dict[str, str]
) -> list[Tensor]:
    if isinstance(values, Tensor) or not isinstance(values, Iterable) or isinstance(values, (str, bytes, np.ndarray)):
        raise TypeError(f"Expected list for '{arg.name}' argument to '{definition.type}' Op, not {values!r}.")
    items = list(values)
    many = arg.many or ""
    if arg.typed_list:
        kinds = attrs.get(many)
        tensors = [
            convert_to_tensor(v, dtype=kinds[i] if kinds else None, name=f"{arg.name}_{i}") for i, v in enumerate(items)
        ]
        attrs[many] = [t.dtype.base_dtype for t in tensors]
        for kind in attrs[many]:
            _check_allowed(definition.attrs[many], arg, kind)
        return tensors
    if many in attrs and attrs[many] != len(items):
        raise ValueError(f"List argument '{arg.name}' to '{definition.type}' Op with length {len(items)} must match "
                         f"length {attrs[many]} of argument '{origin.get(many)}'.")  # fmt: skip
    attrs[many] = len(items)
    origin.setdefault(many, arg.name)
    if not items and arg.name not in definition.may_be_empty:
        raise ValueError(f"List argument '{arg.name}' to '{definition.type}' Op must not be empty.")
    typed = isinstance(arg.type, str) and arg.type not in attrs
    if typed:
        known = next((t for t in map(base_type, items) if t is not None), None)
        if known is not None:
            items = [
                v if isinstance(v, Tensor)
                else _convert_value(definition, arg, v, base_type(v) or known, None, origin, f"{arg.name}_{i}")
                for i, v in enumerate(items)
            ]  # fmt: skip
    return [_convert(definition, arg, v, attrs, origin, f"{arg.name}_{i}") for i, v in enumerate(items)]


def _checked(attr: Attr, value: Any, op_type: str) -> Any:
    result = _attr_value(attr.kind, value, attr.name)
    if attr.allowed is not None:
        for item in result if isinstance(result, list) else [result]:
            if item not in attr.allowed:
                names = ", ".join(sorted(getattr(a, "name", str(a)) for a in attr.allowed))
                shown = getattr(item, "name", item)
                error = TypeError if isinstance(item, DType) else ValueError
                raise error(
                    f"Value for attr '{attr.name}' of {shown!r} is not in the list of allowed values: {names}, "
                    f"for op type {op_type}"
                )
    return result


def _attr_value(kind: str, value: Any, name: str) -> Any:
    """Turn what a caller gave for an attr into the form that is kept; `TypeError` if it is of another kind."""
    if kind.startswith("list("):
        if not isinstance(value, (list, tuple, np.ndarray, TensorShape)):
            raise TypeError(f"Expected list for attr '{name}', got {value!r}")
        return [_attr_value(kind[5:-1], item, name) for item in value]
    try:
        return _ATTR_MAKERS[kind](value)
    except (TypeError, ValueError) as error:
        raise TypeError(f"Expected {kind} for argument '{name}' not {value!r}. ({error})") from None


def _int(value: Any) -> int:
    if isinstance(value, float) and not isinstance(value, np.floating):
        if not value.is_integer():
            raise TypeError("not an integer")
    if isinstance(value, (str, bytes)):
        raise TypeError("not an integer")
    return int(value)


def _float(value: Any) -> float:
    if isinstance(value, (str, bytes)):
        raise TypeError("not a number")
    return float(value)


def _bool(value: Any) -> bool:
    if not isinstance(value, (bool, np.bool_, int)):
        raise TypeError("not a bool")
    return bool(value)


def _string(value: Any) -> Any:
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return value
    if not isinstance(value, str):
        raise TypeError("not a string")
    return value


def _type(value: Any) -> DType:
    return dtypes.as_dtype(value).base_dtype


def _shape(value: Any) -> Any:
    return value if isinstance(value, Shape) or value is UNKNOWN_SHAPE else shape_attr(value)


def _tensor(value: Any) -> TensorValue:
    if isinstance(value, TensorValue):
        return value
    if isinstance(value, tensor_pb2.TensorProto):
        return TensorValue(make_ndarray(value), dtypes.as_dtype(value.dtype))
    array = np.asarray(value)
    return TensorValue(array, dtypes.as_dtype(array.dtype))


def _func(value: Any) -> Func:
    if not isinstance(value, Func):
        raise TypeError("not a function of a graph")
    return value


_ATTR_MAKERS: dict[str, Callable[[Any], Any]] = {
    "int": _int,
    "float": _float,
    "bool": _bool,
    "string": _string,
    "type": _type,
    "shape": _shape,
    "tensor": _tensor,
    "func": _func,
}
