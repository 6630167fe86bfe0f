"""`tf.contrib.framework`: names, and nothing else. Written by tools/face.py."""

from defrun.base import nest as nest
from defrun.base.deprecation import (
    deprecated as deprecated, deprecated_arg_values as deprecated_arg_values, deprecated_args as deprecated_args,
)
from defrun.contrib.arg_scope import (
    add_arg_scope as add_arg_scope, arg_scope as arg_scope, arg_scoped_arguments as arg_scoped_arguments,
    current_arg_scope as current_arg_scope, has_arg_scope as has_arg_scope,
)
from defrun.contrib.framework.checkpoints import (
    assign_from_checkpoint as assign_from_checkpoint, assign_from_checkpoint_fn as assign_from_checkpoint_fn,
)
from defrun.contrib.framework.model_variables import model_variable as model_variable, variable as variable
from defrun.contrib.framework.tensors import (
    assert_scalar_int as assert_scalar_int, get_graph_from_inputs as get_graph_from_inputs,
    get_name_scope as get_name_scope, get_placeholders as get_placeholders, py_func as py_func,
    reduce_sum_n as reduce_sum_n, with_same_shape as with_same_shape, with_shape as with_shape,
)
from defrun.contrib.framework.variables import (
    VariableDeviceChooser as VariableDeviceChooser, add_model_variable as add_model_variable,
    assert_global_step as assert_global_step, assert_or_get_global_step as assert_or_get_global_step,
    assign_from_values as assign_from_values, assign_from_values_fn as assign_from_values_fn,
    create_global_step as create_global_step, filter_variables as filter_variables, get_global_step as get_global_step,
    get_local_variables as get_local_variables, get_model_variables as get_model_variables,
    get_or_create_global_step as get_or_create_global_step, get_trainable_variables as get_trainable_variables,
    get_unique_variable as get_unique_variable, get_variable_full_name as get_variable_full_name,
    get_variables as get_variables, get_variables_by_name as get_variables_by_name,
    get_variables_by_suffix as get_variables_by_suffix, get_variables_to_restore as get_variables_to_restore,
    global_variable as global_variable, local_variable as local_variable,
)
from defrun.graph.composite import convert_to_tensor_or_sparse_tensor as convert_to_tensor_or_sparse_tensor
from defrun.graph.scopes import prepend_name_scope as prepend_name_scope, strip_name_scope as strip_name_scope
from defrun.graph.specs import TensorSpec as TensorSpec
from defrun.ops.asserts import assert_same_float_dtype as assert_same_float_dtype, assert_scalar as assert_scalar
from defrun.ops.confusion import remove_squeezable_dimensions as remove_squeezable_dimensions
from defrun.ops.control import smart_cond as smart_cond, smart_constant_value as smart_constant_value
from defrun.ops.sort import argsort as argsort, sort as sort
from defrun.train.checkpoint_utils import (
    init_from_checkpoint as init_from_checkpoint, list_variables as list_variables, load_checkpoint as load_checkpoint,
    load_variable as load_variable,
)
from defrun.train.remapped import (
    load_and_remap_matrix_initializer as load_and_remap_matrix_initializer,
    load_embedding_initializer as load_embedding_initializer,
    load_linear_multiclass_bias_initializer as load_linear_multiclass_bias_initializer,
    load_variable_slot_initializer as load_variable_slot_initializer,
)
from defrun.variables.initializers import convolutional_delta_orthogonal as convolutional_delta_orthogonal
