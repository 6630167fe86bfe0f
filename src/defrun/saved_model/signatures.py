"""Signatures: what a saved model takes and gives, by names that don't depend on its graph."""

from __future__ import annotations

from typing import Any

from tensorboard.compat.proto import meta_graph_pb2

from defrun.base import dtypes
from defrun.graph.composite import SparseTensor
from defrun.graph.graph import Graph, get_default_graph
from defrun.graph.operation import Tensor
from defrun.graph.scopes import prepend_name_scope
from defrun.saved_model import keys


def build_tensor_info(tensor: Any) -> Any:
    """Return a TensorInfo: name, dtype and shape of a Tensor; for a SparseTensor, the names of its three parts."""
    info = meta_graph_pb2.TensorInfo(dtype=dtypes.as_dtype(tensor.dtype).as_datatype_enum)
    info.tensor_shape.CopyFrom(tensor.get_shape().as_proto())
    if isinstance(tensor, SparseTensor):
        info.coo_sparse.values_tensor_name = tensor.values.name
        info.coo_sparse.indices_tensor_name = tensor.indices.name
        info.coo_sparse.dense_shape_tensor_name = tensor.dense_shape.name
    elif isinstance(getattr(tensor, "name", None), str):
        info.name = tensor.name
    else:
        raise NotImplementedError(f"tf.saved_model.build_tensor_info of a {type(tensor).__name__}")
    return info


def get_tensor_from_tensor_info(tensor_info: Any, graph: Graph | None = None, import_scope: str | None = None) -> Any:
    """Return the Tensor or SparseTensor of `graph` that a TensorInfo is about.

    Raises
    ------
    KeyError
        If there is no such tensor.
    ValueError
        If the message names none.
    """
    graph = graph or get_default_graph()

    def found(name: str) -> Tensor:
        return graph.get_tensor_by_name(prepend_name_scope(name, import_scope))

    kind = tensor_info.WhichOneof("encoding")
    if kind == "name":
        return found(tensor_info.name)
    if kind == "coo_sparse":
        parts = tensor_info.coo_sparse
        return SparseTensor(
            found(parts.indices_tensor_name), found(parts.values_tensor_name), found(parts.dense_shape_tensor_name)
        )
    if kind == "composite_tensor":
        raise NotImplementedError("tf.saved_model.get_tensor_from_tensor_info: composite_tensor")
    raise ValueError(f"Invalid TensorInfo.encoding: {kind}")


def build_signature_def(inputs: Any = None, outputs: Any = None, method_name: str | None = None) -> Any:
    """Return a SignatureDef of dicts of TensorInfo."""
    signature = meta_graph_pb2.SignatureDef(method_name=method_name or "")
    for mine, given in ((signature.inputs, inputs), (signature.outputs, outputs)):
        for name in given or ():
            mine[name].CopyFrom(given[name])
    return signature


def _info(tensor: Any, kind: dtypes.DType, what: str) -> Any:
    info = build_tensor_info(tensor)
    if info.dtype != kind.as_datatype_enum:
        raise ValueError(f"{what} must be a {kind.name} Tensor, not {dtypes.as_dtype(info.dtype).name}.")
    return info


def _examples_info(examples: Any, what: str) -> Any:
    if examples is None:
        raise ValueError(f"{what} examples cannot be None.")
    if not isinstance(examples, Tensor):
        raise ValueError(f"{what} examples must be a string Tensor.")
    return _info(examples, dtypes.string, f"{what} examples")


def regression_signature_def(examples: Tensor, predictions: Tensor) -> Any:
    """Return the signature of a regression.

    Parameters
    ----------
    examples : string Tensor
        Serialized `tf.train.Example` s.
    predictions : float32 Tensor

    Raises
    ------
    ValueError
        If one is None or of another dtype.
    """
    inputs = {keys.REGRESS_INPUTS: _examples_info(examples, "Regression")}
    if predictions is None:
        raise ValueError("Regression predictions cannot be None.")
    outputs = {keys.REGRESS_OUTPUTS: _info(predictions, dtypes.float32, "Regression output")}
    return build_signature_def(inputs, outputs, keys.REGRESS_METHOD_NAME)


def classification_signature_def(examples: Tensor, classes: Tensor | None, scores: Tensor | None) -> Any:
    """Return the signature of a classification.

    Parameters
    ----------
    examples : string Tensor
        Serialized `tf.train.Example` s.
    classes : string Tensor or None
    scores : float32 Tensor or None

    Raises
    ------
    ValueError
        If examples, or both of the others, are None, or one is of another dtype.
    """
    inputs = {keys.CLASSIFY_INPUTS: _examples_info(examples, "Classification")}
    if classes is None and scores is None:
        raise ValueError("Classification classes and scores cannot both be None.")
    outputs = {}
    if classes is not None:
        outputs[keys.CLASSIFY_OUTPUT_CLASSES] = _info(classes, dtypes.string, "Classification classes")
    if scores is not None:
        outputs[keys.CLASSIFY_OUTPUT_SCORES] = _info(scores, dtypes.float32, "Classification scores")
    return build_signature_def(inputs, outputs, keys.CLASSIFY_METHOD_NAME)


def predict_signature_def(inputs: dict[str, Any], outputs: dict[str, Any]) -> Any:
    """Return the signature of a prediction, which may take and give any tensors.

    Raises
    ------
    ValueError
        If there are no inputs, or no outputs.
    """
    if not inputs:
        raise ValueError("Prediction inputs cannot be None or empty.")
    if not outputs:
        raise ValueError("Prediction outputs cannot be None or empty.")
    return build_signature_def(
        {name: build_tensor_info(tensor) for name, tensor in inputs.items()},
        {name: build_tensor_info(tensor) for name, tensor in outputs.items()},
        keys.PREDICT_METHOD_NAME,
    )


def is_valid_signature(signature_def: Any) -> bool:
    """Whether a server can take a signature: one of a classification, a regression or a prediction."""
    if signature_def is None:
        return False
    method = signature_def.method_name
    inputs = {name: info.dtype for name, info in signature_def.inputs.items()}
    outputs = {name: info.dtype for name, info in signature_def.outputs.items()}
    text, number = dtypes.string.as_datatype_enum, dtypes.float32.as_datatype_enum
    if method == keys.PREDICT_METHOD_NAME:
        return bool(inputs and outputs)
    if method == keys.REGRESS_METHOD_NAME:
        return inputs == {keys.REGRESS_INPUTS: text} and outputs == {keys.REGRESS_OUTPUTS: number}
    if method == keys.CLASSIFY_METHOD_NAME:
        allowed = {(keys.CLASSIFY_OUTPUT_CLASSES, text), (keys.CLASSIFY_OUTPUT_SCORES, number)}
        return inputs == {keys.CLASSIFY_INPUTS: text} and bool(outputs) and outputs.items() <= allowed
    return False
