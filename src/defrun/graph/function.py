"""Graphs that are the body of a node: branches, loops' bodies, mapped functions."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterable, Iterator
from typing import Any

from defrun.base.dtypes import DType
from defrun.graph.attrs import shape_attr
from defrun.graph.graph import Graph
from defrun.graph.opdef import REQUIRED, Attr, Dims, OpDef, parse_signature
from defrun.graph.operation import Operation, Tensor

_inputs, _outputs = parse_signature("-> output: T")

ARGUMENT = OpDef(
    type="_Arg",
    inputs=_inputs,
    outputs=_outputs,
    attrs={"T": Attr("T", "type", REQUIRED), "shape": Attr("shape", "shape", REQUIRED)},
    body=lambda: None,
    placeholder=True,
    differentiable=False,
)
"""An argument of a function."""

_numbers = itertools.count(1)


class FuncGraph(Graph):
    """The graph of a function. Tensors of the outer graph that its nodes take become its arguments.

    TensorFlow 1 builds branches and loops in the outer graph, and takes default seeds from the number of its nodes; so
    the nodes of a function count as the outer graph's.

    Parameters
    ----------
    name : str
        Made unique by a number.
    outer_graph : Graph
        The graph in which the function is used.
    counted : bool
        Whether TensorFlow would make these nodes in the outer graph.
    """

    def __init__(self, name: str, outer_graph: Graph, counted: bool = True) -> None:
        self._counter: Graph = self if not counted else getattr(outer_graph, "_counter", outer_graph)
        self._own_phantoms = 0
        super().__init__()
        self.name = f"{name}_{next(_numbers)}"
        self.outer_graph = outer_graph
        self.arguments: list[Tensor] = []
        self.captured: dict[Tensor, Tensor] = {}  # of the outer graph: argument
        self.outputs: list[Tensor | None] = []
        self.control_outputs: list[Operation] = []  # run though no output needs them
        self.loops = False  # whether it is the condition or the body of a loop that TensorFlow builds in the same graph
        self.entered: set[Tensor] = set()  # outer tensors that such a loop has brought in, only to wait for them
        self.bounded = False  # a loop's condition: whether it is sure to fail some time
        self.back_prop = True  # a loop's body: whether gradients go through the loop
        self.kept = False  # a loop's body: whether iterations are counted, for a gradient
        self.stacked: list[Tensor] = []  # of which the loop keeps the values of all iterations
        self.plan: Any = None  # which operations run, and how; the plan's to fill
        self.hosted: Any = None  # how it runs on the host, if it did
        self.outer_controls: list[Operation] = []  # operations outside that something inside waits for
        self.argument_places: list[int] = []  # which input of the node each argument is
        self.seed = outer_graph.seed
        self._collections = outer_graph._collections
        self._attic = outer_graph._attic
        self._gradient_overrides = outer_graph._gradient_overrides

    @property
    def building_function(self) -> bool:
        """True: this is the graph of a function."""
        return True

    @property
    def _last_id(self) -> int:
        return len(self._counter._ops) + self._counter._phantoms

    @property
    def _phantoms(self) -> int:
        return self._own_phantoms if self._counter is self else self._counter._phantoms

    @_phantoms.setter
    def _phantoms(self, number: int) -> None:
        if self._counter is self:
            self._own_phantoms = number
        else:
            self._counter._phantoms = number

    def add(self, *args: Any) -> Operation:
        """Add a node of known types and shapes under the scopes that are open."""
        waits = self._waits_outside(args[1]) if self.loops and self._controllers else ()
        op = super().add(*args)
        if self._counter is not self:
            self._counter._phantoms += 1
        self._count_waits(waits)
        return op

    def _waits_outside(self, inputs: list[Tensor]) -> dict[Operation, None]:
        """Return the operations outside that a node of these inputs waits for, if none of these does already."""
        ops = {t._op for t in inputs}
        found: dict[Operation, None] = {}
        for controller in self._controllers:
            if ops.isdisjoint(controller.seen):
                found.update(dict.fromkeys(controller.outside))
        return found

    def _count_waits(self, waits: Iterable[Operation]) -> None:
        """Count the copies by which a node in one of TensorFlow's loops waits for what is outside."""
        for op in waits:
            if op.outputs:
                self._phantoms += 1 if op.outputs[0] in self.captured or op.outputs[0] in self.entered else 2
                self.entered.add(op.outputs[0])

    def argument(self, like: Tensor, name: str = "placeholder") -> Tensor:
        """Add an argument of the dtype and shape of `like`."""
        return self.add_argument(like.dtype, like.dims, name, like._handle)

    def add_argument(self, dtype: DType, dims: Dims, name: str = "placeholder", handle: Any = None) -> Tensor:
        """Add an argument."""
        attrs = {"T": dtype.base_dtype, "shape": shape_attr(dims)}
        controllers, self._controllers = self._controllers, []
        scope, self._name_stack = self._name_stack, ""
        try:
            op = self.add(ARGUMENT, [], attrs, name, [dtype], [dims])
        finally:
            self._controllers, self._name_stack = controllers, scope
        op.outputs[0]._handle = handle
        self.arguments.append(op.outputs[0])
        return op.outputs[0]

    def capture(self, tensor: Tensor) -> Tensor:
        """Return the argument that stands for `tensor` of an outer graph."""
        if tensor.graph is self:
            return tensor
        tensor = self.reach(tensor)
        if tensor.graph is self:
            return tensor
        if tensor not in self.captured:
            self._phantoms -= tensor in self.entered
            self.captured[tensor] = self.argument(tensor, tensor.op.name.split("/")[-1].lstrip("_") or "argument")
        return self.captured[tensor]

    def reach(self, tensor: Tensor) -> Tensor:
        """Bring a tensor from further out into the directly outer graph."""
        if tensor.graph is not self.outer_graph:
            return self.outer_graph.capture(tensor)
        return tensor

    def order_arguments(self) -> None:
        """Put the arguments that stand for outer tensors in the order in which nodes first take them."""
        outer = {argument: tensor for tensor, argument in self.captured.items()}
        taken = [t for op in self._ops for t in op._inputs if t in outer]
        order = dict.fromkeys([*taken, *outer])
        given = [a for a in self.arguments if a not in outer]
        self.arguments = [*given, *order]
        self.captured = {outer[argument]: argument for argument in order}

    @contextlib.contextmanager
    def name_scope(self, name: str | None) -> Iterator[str]:
        """Put `name` before the names of nodes; None leaves the outer graph's scopes, too."""
        outer = contextlib.nullcontext() if name else self.outer_graph.name_scope(None)
        with outer, super().name_scope(name) as scope:
            yield scope

    def control_dependencies(self, control_inputs: Any) -> Any:
        """Let nodes wait for others of this function; for those outside, the whole function waits."""
        if control_inputs is None:
            return super().control_dependencies(None)
        inside, outside = [], []
        for item in control_inputs:
            op = item if isinstance(item, Operation) else getattr(item, "op", None)
            if op is not None and op.graph is not self:
                outside.append(op)
            else:
                inside.append(item)
        self.outer_controls += outside
        controller = super().control_dependencies(inside)
        controller.outside = outside
        return controller


@contextlib.contextmanager
def counted_as(graph: Graph, nodes: int) -> Iterator[None]:
    """Let the nodes made in the block count as so many, which is how many TensorFlow makes there."""
    before = graph._last_id
    yield
    graph._phantoms += before + nodes - graph._last_id
