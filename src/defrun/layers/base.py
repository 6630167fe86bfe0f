"""`Layer`: variables made at the first call, in a variable scope of the layer's own."""

from __future__ import annotations

import copy
import inspect
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from defrun.base import dtypes, nest
from defrun.base.dtypes import DType
from defrun.base.shapes import TensorShape
from defrun.graph.collections import GraphKeys
from defrun.graph.convert import convert_to_tensor
from defrun.graph.graph import get_default_graph
from defrun.graph.operation import Operation, Tensor
from defrun.graph.scopes import get_collection, get_collection_ref, name_scope
from defrun.keras import regularizer as regularizers
from defrun.keras.input_spec import InputSpec as InputSpec
from defrun.ops import array
from defrun.ops.cast import cast
from defrun.session.session import get_default_session
from defrun.variables.scope import VariableScope, get_variable, variable_scope


def snake_case(name: str) -> str:
    """Turn ``MaxPooling2D`` into ``max_pooling2d``."""
    spaced = re.sub("([a-z])([A-Z])", r"\1_\2", re.sub("(.)([A-Z][a-z0-9]+)", r"\1_\2", name)).lower()
    return spaced if spaced[0] != "_" else f"private{spaced}"


class Layer:
    """Base class of layers. A subclass gives `build`, which adds weights, and `call`, which adds ops.

    Parameters
    ----------
    trainable : bool
        Whether its weights are trained.
    name : str, optional
        Its variable scope; by default the class's name, made unique.
    dtype : DType, optional
        Of the weights; by default that of the first input.
    """

    def __init__(self, trainable: bool = True, name: Any = None, dtype: Any = None, **kwargs: Any) -> None:
        scope = kwargs.pop("_scope", None)
        self._reuse = kwargs.pop("_reuse", None)
        kwargs.pop("autocast", None)
        self._activity_regularizer = regularizers.get(kwargs.pop("activity_regularizer", None))
        if kwargs:
            raise TypeError(f"Keyword argument not understood: {', '.join(kwargs)}")
        self.trainable: bool = trainable
        self.built = False
        self.stateful = False
        self.supports_masking = False
        self.input_spec: Any = None
        self._dtype: DType | None = None if dtype is None else dtypes.as_dtype(dtype)
        self._base_name = name.name if isinstance(name, VariableScope) else name
        self._name = self._base_name
        if not name:
            self._base_name = snake_case(type(self).__name__)
            self._name = _numbered(self._base_name)
        self._scope: Any = None
        if scope:
            with variable_scope(scope) as captured:
                self._scope = captured
        self._current_scope: Any = None
        self._trainable_weights: list[Any] = []
        self._non_trainable_weights: list[Any] = []
        self._losses: list[Any] = []
        self._updates: list[Any] = []
        self._reuse_scope: Any = None
        self._inputs: Any = []
        self._conditional: list[Any] = []

    # -- what a subclass gives -----------------------------------------------------------------------------------

    def build(self, input_shape: Any) -> None:
        """Add the weights for inputs of `input_shape`."""
        self.built = True

    def call(self, inputs: Any, **kwargs: Any) -> Any:
        """Add the ops that turn `inputs` into the output."""
        return inputs

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """Return the shape of the output for inputs of `input_shape`."""
        raise NotImplementedError(f"{type(self).__name__}.compute_output_shape")

    # -- using it ------------------------------------------------------------------------------------------------

    def __call__(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """Apply the layer; the first call makes its variables.

        Parameters
        ----------
        inputs : Tensor, or a structure of them
        scope : str or VariableScope, optional
            The variable scope, if this is the first call.
        *args, **kwargs
            Passed to `call`.

        Raises
        ------
        ValueError
            If an input doesn't fit the layer.
        """
        self._set_scope(kwargs.pop("scope", None))
        with self._calling_scope() as scope:
            self._current_scope = scope
            if "scope" in inspect.signature(self.call).parameters:
                kwargs["scope"] = scope
            with name_scope(scope.original_name_scope):
                inputs = nest.map_structure(_to_tensor, inputs)
                self._check_inputs(inputs)
                self._build_once(inputs)
                self._inputs = inputs
                outputs = self.call(inputs, *args, **kwargs)
                self._regularize_activity(inputs, outputs)
        collection = get_collection_ref(GraphKeys.UPDATE_OPS)
        collection.extend(u for u in self.updates if not any(u is other for other in collection))
        return outputs

    def apply(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """Apply the layer; the same as calling it."""
        return self(inputs, *args, **kwargs)

    def _calling_scope(self) -> Any:
        if not self.built:
            return variable_scope(self._scope, reuse=self._reuse, auxiliary_name_scope=False)
        if self._reuse_scope is None:
            self._reuse_scope = variable_scope(self._scope, reuse=True, auxiliary_name_scope=False)
        return self._reuse_scope

    def _set_scope(self, scope: Any = None) -> None:
        if self._scope is not None:
            return
        if self._reuse:
            opened = variable_scope(scope if scope is not None else self._base_name)
        else:
            opened = variable_scope(scope, default_name=self._base_name)
        with opened as captured:
            self._scope = captured

    def _check_inputs(self, inputs: Any) -> None:
        if self.input_spec is None:
            return
        specs = nest.flatten(self.input_spec)
        tensors = nest.flatten(inputs)
        if len(specs) != len(tensors):
            raise ValueError(f"Layer {self.name} expects {len(specs)} inputs, but it received {len(tensors)} tensors.")
        for spec, tensor in zip(specs, tensors, strict=True):
            spec.check(tensor, self.name)

    def _build_once(self, inputs: Any) -> None:
        if self.built:
            return
        flat = nest.flatten(inputs)
        if self._dtype is None and flat:
            self._dtype = flat[0].dtype.base_dtype
        shapes = nest.map_structure(lambda t: t.shape, inputs)
        self.build(shapes)
        self.built = True

    def _regularize_activity(self, inputs: Any, outputs: Any) -> None:
        if self._activity_regularizer is None:
            return
        with name_scope("ActivityRegularizer"):
            for output in nest.flatten(outputs):
                loss = self._activity_regularizer(output)
                samples = cast(array.shape(output)[0], loss.dtype)
                self.add_loss(loss / samples, inputs)

    # -- weights, losses, updates --------------------------------------------------------------------------------

    def add_weight(
        self,
        name: str,
        shape: Any,
        dtype: Any = None,
        initializer: Any = None,
        regularizer: Callable[[Any], Any] | None = None,
        trainable: bool | None = None,
        constraint: Any = None,
        use_resource: bool | None = None,
        synchronization: Any = None,
        aggregation: Any = None,
        partitioner: Any = None,
        **kwargs: Any,
    ) -> Any:
        """Make a variable of the layer, or get the one that is shared; see `get_variable` for the parameters."""
        kwargs.pop("experimental_autocast", None)
        if kwargs:
            raise TypeError(f"Unknown keyword argument: {', '.join(kwargs)}")
        trainable = self.trainable and (trainable is None or trainable)
        modes = {k: v for k, v in (("synchronization", synchronization), ("aggregation", aggregation)) if v is not None}
        known = set(map(id, get_collection(GraphKeys.GLOBAL_VARIABLES)))
        self._set_scope(None)
        kind = dtypes.as_dtype(dtype) if dtype is not None else self._dtype or dtypes.float32
        with variable_scope(self._scope, reuse=self.built or self._reuse, auxiliary_name_scope=False) as scope:
            self._current_scope = scope
            with name_scope(scope.original_name_scope):
                variable = get_variable(
                    name,
                    shape=None if shape is None else TensorShape(shape),
                    dtype=kind,
                    initializer=scope.initializer if initializer is None else initializer,
                    trainable=trainable,
                    constraint=constraint,
                    partitioner=partitioner,
                    use_resource=use_resource or scope.use_resource,
                    **modes,
                )
                if regularizer is not None and all(id(v) not in known for v in _parts(variable)):
                    self._regularize_weight(name, variable, regularizer)
        shared = trainable and not any(v in _trainable_now() for v in _parts(variable))
        (self._trainable_weights if trainable and not shared else self._non_trainable_weights).append(variable)
        return variable

    add_variable = add_weight

    def _regularize_weight(self, name: str, variable: Any, regularizer: Callable[[Any], Any]) -> None:
        for part in _parts(variable):
            with name_scope(f"{name}/Regularizer"):
                loss = regularizer(part)
            if loss is not None:
                self.add_loss(loss)

    def add_loss(self, losses: Any, inputs: Any = None) -> None:
        """Add loss tensors to the layer and to the collection of regularization losses."""
        new = [loss() if callable(loss) else loss for loss in nest.flatten(losses)]
        new = [loss if isinstance(loss, Tensor) else convert_to_tensor(loss) for loss in new if loss is not None]
        self._losses.extend(new)
        if inputs is not None:
            self._conditional.extend(new)
        collection = get_collection_ref(GraphKeys.REGULARIZATION_LOSSES)
        collection.extend(loss for loss in new if not any(loss is other for other in collection))

    def add_update(self, updates: Any, inputs: Any = None) -> None:
        """Add update operations; after the call they are in the collection of update ops."""
        for update in nest.flatten(updates):
            update = update() if callable(update) and not isinstance(update, (Tensor, Operation)) else update
            operation = getattr(update, "op", update)
            if operation is not None and operation not in self._updates:
                self._updates.append(operation)
                if _depends_on([operation], nest.flatten(self._inputs)):
                    self._conditional.append(operation)

    @property
    def name(self) -> str:
        """The layer's name."""
        return self._name

    @property
    def dtype(self) -> str | None:
        """The type of the weights, by name."""
        return None if self._dtype is None else self._dtype.name

    @property
    def scope_name(self) -> str:
        """The name of the variable scope."""
        if self._scope is None:
            raise ValueError(f"The layer {self.name!r} has no scope yet: it is made at the first call.")
        return self._scope.name

    @property
    def graph(self) -> None:
        """None: layers don't belong to a graph."""
        return None

    @property
    def trainable_weights(self) -> list[Any]:
        """Weights that are trained."""
        return list(self._trainable_weights) if self.trainable else []

    @property
    def non_trainable_weights(self) -> list[Any]:
        """Weights that are not trained."""
        own = list(self._non_trainable_weights)
        return own if self.trainable else [*self._trainable_weights, *own]

    @property
    def weights(self) -> list[Any]:
        """All weights, those that are trained first."""
        return self.trainable_weights + self.non_trainable_weights

    trainable_variables = trainable_weights
    non_trainable_variables = non_trainable_weights
    variables = weights

    @property
    def losses(self) -> list[Any]:
        """Losses that the layer has added."""
        return list(self._losses)

    @property
    def updates(self) -> list[Any]:
        """Updates that the layer has added."""
        return list(self._updates) if self.trainable or self.stateful else []

    @property
    def activity_regularizer(self) -> Any:
        """The regularizer of the outputs."""
        return self._activity_regularizer

    def get_losses_for(self, inputs: Any) -> list[Any]:
        """Return the losses that depend on `inputs`; of None, those that depend on no inputs."""
        return self._of_inputs(self.losses, inputs)

    def get_updates_for(self, inputs: Any) -> list[Any]:
        """Return the updates that depend on `inputs`; of None, those that depend on no inputs."""
        return self._of_inputs(self.updates, inputs)

    def _of_inputs(self, items: list[Any], inputs: Any) -> list[Any]:
        def is_conditional(item: Any) -> bool:
            return any(item is other for other in self._conditional)

        if inputs is None:
            return [item for item in items if not is_conditional(item)]
        sources = nest.flatten(inputs)
        return [item for item in items if is_conditional(item) and _depends_on([getattr(item, "op", item)], sources)]

    def get_weights(self) -> list[Any]:
        """Return the values of the weights in the default session.

        Raises
        ------
        ValueError
            If there is no default session.
        """
        return list(_session().run(self.weights)) if self.weights else []

    def set_weights(self, weights: Any) -> None:
        """Set the weights in the default session.

        Parameters
        ----------
        weights : list of ndarray
            In the order of `weights`.

        Raises
        ------
        ValueError
            If there are more or fewer, or shapes differ, or there is no default session.
        """
        own = self.weights
        if len(own) != len(weights):
            raise ValueError(f"Layer {self.name!r} has {len(own)} weights, but {len(weights)} were given")
        for variable, value in zip(own, weights):
            if not variable.shape.is_compatible_with(np.shape(value)):
                raise ValueError(f"{variable.name} is of shape {variable.shape}, not {np.shape(value)}")
            variable.load(value, _session())

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make such a layer again.

        Raises
        ------
        NotImplementedError
            If the class has arguments of its own and doesn't say what they are.
        """
        config = {"name": self.name, "trainable": self.trainable, "dtype": self.dtype}
        code = type(self).__init__.__code__
        own = [name for name in code.co_varnames[1 : code.co_argcount] if name not in config]
        if own:
            raise NotImplementedError(f"{type(self).__name__} has arguments in `__init__`: it must have a `get_config`")
        return config

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """Make a layer from what `get_config` returned."""
        return cls(**config)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """Return `mask`, which only layers that support masks take.

        Raises
        ------
        TypeError
            If there is a mask and the layer doesn't support it.
        """
        if not self.supports_masking and any(part is not None for part in nest.flatten(mask)):
            raise TypeError(f"Layer {self.name} does not support masking, but was passed an input_mask: {mask}")
        return mask if self.supports_masking else None

    @property
    def dynamic(self) -> bool:
        """False: layers are parts of a graph."""
        return False

    def count_params(self) -> int:
        """Return the number of elements of the weights."""
        if not self.built:
            raise ValueError(f"You tried to call `count_params` on {self.name}, but the layer isn't built.")
        return sum(int(w.shape.num_elements()) for w in self.weights)

    def __deepcopy__(self, memo: dict[int, Any]) -> Layer:
        made = type(self).__new__(type(self))
        memo[id(self)] = made
        for key, value in self.__dict__.items():
            shared = key in ("_scope", "_reuse_scope") or isinstance(value, Tensor)
            made.__dict__[key] = copy.copy(value) if shared else copy.deepcopy(value, memo)
        return made


def _to_tensor(value: Any) -> Any:
    return value if isinstance(value, Tensor) or hasattr(value, "dense_shape") else convert_to_tensor(value)


def _session() -> Any:
    session = get_default_session()
    if session is None:
        raise ValueError("There is no default session: use `with session.as_default()`")
    return session


def _depends_on(operations: list[Operation], sources: list[Any]) -> bool:
    """Whether any of `operations` uses one of the tensors in `sources`, directly or not."""
    wanted = {id(tensor) for tensor in sources}
    seen: set[int] = set()
    waiting = list(operations)
    while waiting and wanted:
        operation = waiting.pop()
        if id(operation) in seen:
            continue
        seen.add(id(operation))
        if any(id(tensor) in wanted for tensor in operation.inputs):
            return True
        waiting.extend(tensor.op for tensor in operation.inputs)
    return False


def _parts(variable: Any) -> list[Any]:
    return list(variable) if hasattr(variable, "_variable_list") else [variable]


def _trainable_now() -> list[Any]:
    return get_collection(GraphKeys.TRAINABLE_VARIABLES)


def _numbered(base: str) -> str:
    """Return `base` with the number that the layer is of its kind in this graph."""
    counts = get_default_graph()._attic.setdefault("layer_names", {})
    counts[base] = counts.get(base, 0) + 1
    return f"{base}_{counts[base]}"
