"""`tf.contrib.framework`: names, and nothing else. Written by tools/face.py."""

# ruff: noqa: I001

from defrun.base import nest as nest
from defrun.base.deprecation import (
    deprecated as deprecated, deprecated_arg_values as deprecated_arg_values, deprecated_args as deprecated_args,
)
from defrun.base.names import missing
from defrun.contrib.arg_scope import (
    add_arg_scope as add_arg_scope, arg_scope as arg_scope, arg_scoped_arguments as arg_scoped_arguments,
    current_arg_scope as current_arg_scope, has_arg_scope as has_arg_scope,
)
from defrun.contrib.model_variables import model_variable as model_variable
from defrun.graph.composite import convert_to_tensor_or_sparse_tensor as convert_to_tensor_or_sparse_tensor
from defrun.graph.scopes import prepend_name_scope as prepend_name_scope, strip_name_scope as strip_name_scope
from defrun.ops.asserts import assert_same_float_dtype as assert_same_float_dtype, assert_scalar as assert_scalar
from defrun.ops.confusion import remove_squeezable_dimensions as remove_squeezable_dimensions
from defrun.ops.control import smart_cond as smart_cond, smart_constant_value as smart_constant_value
from defrun.ops.sort import argsort as argsort, sort as sort
from defrun.variables.initializers import convolutional_delta_orthogonal as convolutional_delta_orthogonal

__getattr__ = missing(__name__)
