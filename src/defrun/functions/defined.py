"""`Defun`: functions with arguments of given types, whose calls are nodes of a type of their own."""

from __future__ import annotations

import base64
import functools
import hashlib
import inspect
from collections.abc import Callable
from typing import Any

from defrun.base import dtypes
from defrun.base.errors import InvalidArgumentError
from defrun.functions.tracing import argument_names, title_of
from defrun.gradients.calls import gradient_of_call
from defrun.graph.attrs import Func
from defrun.graph.cloning import clone
from defrun.graph.convert import convert_to_tensor
from defrun.graph.function import FuncGraph
from defrun.graph.graph import get_default_graph
from defrun.graph.library import CALLED
from defrun.graph.opdef import Arg, OpDef, lookup
from defrun.graph.operation import Operation, Tensor
from defrun.ops import creation


class Defun:
    """Decorate a function of tensors to make it a function of the graph.

    Parameters
    ----------
    *input_types : DType
        Types of the arguments. Without them there is one function for each combination of types it is called with.
    func_name : str, optional
        The type of the nodes that call it; by default the function's name and something that tells it from others.
    grad_func : Defun, optional
        Takes the arguments and the gradients of the results, gives the gradients of the arguments.
    python_grad_func : callable, optional
        ``f(op, *grads)``, as `RegisterGradient` takes it.
    out_names : list of str, optional
        Names of the results.
    shape_func : callable, optional
        ``f(op)`` gives the shapes of the results, which are not known otherwise.

    Raises
    ------
    ValueError
        If the function has defaults or takes keywords, or its arguments are not as many as the types.
    """

    def __init__(self, *input_types: Any, **kwargs: Any) -> None:
        self._input_types = [dtypes.as_dtype(t) for t in input_types]
        self._options = {k: kwargs.pop(k, None) for k in ("func_name", "grad_func", "python_grad_func", "out_names")}
        self._shape_func = kwargs.pop("shape_func", None)

    def __call__(self, func: Callable[..., Any]) -> Any:
        """Return the function of the graph."""
        if not callable(func):
            raise ValueError(f"function {func!r} must be callable")
        spec = inspect.getfullargspec(func)
        if spec.varkw or spec.defaults:
            raise ValueError(f"{func} must have neither defaults nor keyword arguments")
        fewest = len(spec.args) - inspect.ismethod(func)
        if not self._input_types and (fewest or spec.varargs):
            return _Overloaded(func, self._options, self._shape_func)
        count = len(self._input_types)
        if count < fewest or (count > fewest and not spec.varargs):
            raise ValueError(f"{func} takes {fewest} arguments, but {count} types are given")
        return _Defined(func, self._input_types, self._options, self._shape_func)


class _Defined:
    """A function for arguments of given types."""

    def __init__(
        self, func: Callable[..., Any], input_types: list[Any], options: dict[str, Any], shape_func: Any
    ) -> None:
        functools.update_wrapper(self, func)
        self._func = func
        self._title = title_of(func)
        self.declared_input_types = input_types
        self._options = options
        self._shape_func = shape_func
        self._graph: FuncGraph | None = None
        self._outputs: list[Tensor | None] = []
        self._definition: OpDef | None = None
        self._name: str | None = options["func_name"]

    @property
    def name(self) -> str:
        """The type of the nodes that call it."""
        self._build()
        return self._name or ""

    @property
    def captured_inputs(self) -> list[Tensor]:
        """Tensors from outside that it takes beside its arguments."""
        return list(self._build().captured)

    @property
    def python_grad_func(self) -> Any:
        """The function that gives its gradient, if there is one."""
        return self._options["python_grad_func"]

    @property
    def grad_func_name(self) -> str | None:
        """The name of the function of the graph that gives its gradient, if there is one."""
        return self._options["grad_func"].name if self._options["grad_func"] else None

    @property
    def stateful_ops(self) -> list[tuple[str, str]]:
        """Names and types of the nodes inside that have effects."""
        return [(op.name, op.type) for op in self._build().get_operations() if op.definition.stateful]

    def add_to_graph(self, g: Any) -> None:
        """Taken for TensorFlow's sake: a graph's library holds what its nodes call."""
        self._build()

    def set_grad_func(self, grad_func: Any) -> None:
        """Say which function gives the gradient."""
        self._options = {**self._options, "grad_func": grad_func}

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Add a call.

        Parameters
        ----------
        *args : Tensor
            As many as the function has arguments.
        name : str, optional

        Returns
        -------
        Tensor, tuple of Tensor, or Operation if there are no results
        """
        name = kwargs.pop("name", None)
        kwargs.pop("noinline", None)
        if kwargs:
            raise ValueError(f"Unknown keyword arguments: {sorted(kwargs)}")
        if len(args) != len(self.declared_input_types):
            raise ValueError(f"{self.name} takes {len(self.declared_input_types)} arguments, not {len(args)}")
        template = self._build()
        outer = get_default_graph()
        inputs = [convert_to_tensor(a) for a in args]
        for i, (tensor, kind) in enumerate(zip(inputs, self.declared_input_types, strict=True)):
            if tensor.dtype.base_dtype != kind:
                raise ValueError(f"Argument {i} of {self.name} must be of type {kind.name}, not {tensor.dtype.name}")
        added, template.outputs = template.outputs, list(self._outputs)
        graph, template.outputs = clone(template, outer), added
        graph.argument_places = list(range(len(graph.arguments)))
        attrs = {CALLED: Func(self.name, graph), "_disable_call_shape_inference": True}
        assert self._definition is not None
        types = [t.dtype.base_dtype for t in self._outputs if t is not None]
        with outer.name_scope(name or self.name) as scope:
            op = outer.add(self._definition, [*inputs, *template.captured], attrs, scope, types, [None] * len(types))
        if self._shape_func is not None:
            for output, shape in zip(op.outputs, self._shape_func(op), strict=True):
                output.set_shape(shape)
        if not op.outputs:
            return op
        return op.outputs[0] if len(op.outputs) == 1 else tuple(op.outputs)

    def _build(self) -> FuncGraph:
        if self._graph is not None:
            return self._graph
        graph = FuncGraph(self._name or self._title, get_default_graph(), counted=False)
        graph.seed = None
        labels = argument_names(self._func, len(self.declared_input_types))
        with graph.as_default():
            given = [graph.add_argument(k, None, n) for k, n in zip(self.declared_input_types, labels, strict=True)]
            result = self._func(*given)
            results = list(result) if isinstance(result, (list, tuple)) else [result]
            if result is None or isinstance(result, Operation):
                results = []
            found = [convert_to_tensor(r) for r in results]
            graph.outputs = [t if t.graph is graph else graph.capture(t) for t in found]
        graph.control_outputs = [
            op
            for op in graph.get_operations()
            if op.definition.stateful and op.definition.initial_state is None and not op.definition.variable
        ]
        self._graph, self._outputs = graph, list(graph.outputs)
        if self._name is None:
            self._name = f"{self._title}_{_hash(graph)}"
        elif _is_op_type(self._name):
            text = f"Cannot add function '{self._name}': there is an op of that name"
            raise InvalidArgumentError(None, None, text)
        names = self._options["out_names"] or _result_names(graph, found)
        self._definition = OpDef(
            type=self._name,
            inputs=tuple(Arg(a.op.name, a.dtype) for a in graph.arguments),
            outputs=tuple(Arg(n, t.dtype.base_dtype) for n, t in zip(names, found, strict=True)),
            attrs={},
            body=lambda run, *values, _function: run(_function, list(values)),
            body_attrs=(CALLED,),
            control=True,
            stateful=any(op.definition.stateful for op in graph.get_operations()),
            gradient_rule=self._gradient,
        )
        return graph

    def _gradient(self, op: Operation, *grads: Any) -> Any:
        own = self._options["python_grad_func"]
        other = self._options["grad_func"]
        if own is None and other is None:
            return gradient_of_call(op, op.attrs[CALLED].graph, grads)
        pairs = zip(op.outputs, grads, strict=False)
        given = [creation.zeros_like(y) if g is None else convert_to_tensor(g) for y, g in pairs]
        if own is not None:
            return own(op, *given)
        found = other(*op.inputs, *given)
        return list(found) if isinstance(found, tuple) else [found]


class _Overloaded:
    """A function whose types are those it is called with."""

    def __init__(self, func: Callable[..., Any], options: dict[str, Any], shape_func: Any) -> None:
        functools.update_wrapper(self, func)
        self._func, self._options, self._shape_func = func, options, shape_func
        self._known: dict[tuple[Any, ...], _Defined] = {}

    def instantiate(self, input_types: list[Any]) -> _Defined:
        """Return the function for arguments of these types."""
        key = tuple(dtypes.as_dtype(t).base_dtype for t in input_types)
        if key not in self._known:
            options = dict(self._options)
            if options["func_name"] is not None:
                options["func_name"] += "_" + "".join(map(_short, key))
            made = self._known[key] = _Defined(self._func, list(key), options, self._shape_func)
            if options["grad_func"] is not None:
                kinds = [t.dtype for t in made._build().outputs if t is not None]
                made.set_grad_func(options["grad_func"].instantiate([*key, *kinds]))
        return self._known[key]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Add a call; see `_Defined`."""
        tensors = [convert_to_tensor(a) for a in args]
        return self.instantiate([t.dtype for t in tensors])(*tensors, **kwargs)


def _result_names(graph: FuncGraph, results: list[Tensor]) -> list[str]:
    """Return a name for each result: that of its node, with something behind it, as nodes bear the plain ones."""
    taken = {op.name.lower() for op in graph.get_operations()}
    names: list[str] = []
    for tensor in results:
        base = tensor.op.name.split("/")[-1].lower().lstrip("_") or "result"
        name, number = base, 0
        while name in taken:
            name, number = f"{base}_{number}", number + 1
        taken.add(name)
        names.append(name)
    return names


def _is_op_type(name: str) -> bool:
    try:
        lookup(name)
    except NotImplementedError:
        return False
    return True


def _short(kind: dtypes.DType) -> str:
    """Return a type as TensorFlow writes it in the names of functions: f32, s."""
    number = kind.name.lstrip("abcdefghijklmnopqrstuvwxyz")
    if kind == dtypes.resource:
        return "res"
    return "i8" if kind == dtypes.uint8 else f"{kind.name[0]}{number}"


def _hash(graph: FuncGraph) -> str:
    """Return letters that tell a function from others of its name."""
    text = "\n".join(f"{op.name} {op.type} {[t.name for t in op.inputs]} {op.attrs}" for op in graph.get_operations())
    return base64.b64encode(hashlib.sha256(text.encode()).digest(), altchars=b"00").decode()[:11]
