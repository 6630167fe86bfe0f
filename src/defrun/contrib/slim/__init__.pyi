"""`tf.contrib.slim`: names, and nothing else. Written by tools/face.py."""

from defrun.contrib.arg_scope import (
    add_arg_scope as add_arg_scope, arg_scope as arg_scope, arg_scoped_arguments as arg_scoped_arguments,
    current_arg_scope as current_arg_scope, has_arg_scope as has_arg_scope,
)
from defrun.contrib.framework.checkpoints import (
    assign_from_checkpoint as assign_from_checkpoint, assign_from_checkpoint_fn as assign_from_checkpoint_fn,
)
from defrun.contrib.framework.model_variables import model_variable as model_variable, variable as variable
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
from defrun.contrib.layers import utils as utils
from defrun.contrib.layers.batch_norm import batch_norm as batch_norm
from defrun.contrib.layers.convolutions import (
    bias_add as bias_add, conv2d_in_plane as conv2d_in_plane, conv2d_transpose as conv2d_transpose,
    conv3d_transpose as conv3d_transpose, convolution2d_in_plane as convolution2d_in_plane,
    convolution2d_transpose as convolution2d_transpose, convolution3d_transpose as convolution3d_transpose,
    separable_conv2d as separable_conv2d, separable_convolution2d as separable_convolution2d,
)
from defrun.contrib.layers.embedding import (
    bow_encoder as bow_encoder, embed_sequence as embed_sequence, embedding_lookup_unique as embedding_lookup_unique,
    safe_embedding_lookup_sparse as safe_embedding_lookup_sparse,
)
from defrun.contrib.layers.gdn import GDN as GDN, gdn as gdn
from defrun.contrib.layers.initializers import (
    variance_scaling_initializer as variance_scaling_initializer, xavier_initializer as xavier_initializer,
    xavier_initializer_conv2d as xavier_initializer_conv2d,
)
from defrun.contrib.layers.layers import (
    conv1d as conv1d, conv2d as conv2d, conv3d as conv3d, convolution as convolution, convolution1d as convolution1d,
    convolution2d as convolution2d, convolution3d as convolution3d, elu as elu, fully_connected as fully_connected,
    linear as linear, relu as relu, relu6 as relu6,
)
from defrun.contrib.layers.normalization import (
    group_norm as group_norm, instance_norm as instance_norm, layer_norm as layer_norm, unit_norm as unit_norm,
)
from defrun.contrib.layers.optimizers import (
    OPTIMIZER_CLS_NAMES as OPTIMIZER_CLS_NAMES, OPTIMIZER_SUMMARIES as OPTIMIZER_SUMMARIES,
    adaptive_clipping_fn as adaptive_clipping_fn, optimize_loss as optimize_loss,
)
from defrun.contrib.layers.pooling import (
    avg_pool2d as avg_pool2d, avg_pool3d as avg_pool3d, dropout as dropout, flatten as flatten,
    max_pool2d as max_pool2d, max_pool3d as max_pool3d, pool as pool,
)
from defrun.contrib.layers.regularizers import (
    apply_regularization as apply_regularization, l1_l2_regularizer as l1_l2_regularizer,
    l1_regularizer as l1_regularizer, l2_regularizer as l2_regularizer, sum_regularizer as sum_regularizer,
)
from defrun.contrib.layers.reversible import (
    RevBlock as RevBlock, recompute_grad as recompute_grad, rev_block as rev_block,
)
from defrun.contrib.layers.summaries import (
    summarize_activation as summarize_activation, summarize_activations as summarize_activations,
    summarize_biases as summarize_biases, summarize_collection as summarize_collection,
    summarize_tensor as summarize_tensor, summarize_tensors as summarize_tensors,
    summarize_variables as summarize_variables, summarize_weights as summarize_weights,
)
from defrun.contrib.layers.transforms import (
    dense_to_sparse as dense_to_sparse, images_to_sequence as images_to_sequence,
    legacy_fully_connected as legacy_fully_connected, legacy_linear as legacy_linear, legacy_relu as legacy_relu,
    maxout as maxout, one_hot_encoding as one_hot_encoding, repeat as repeat, sequence_to_images as sequence_to_images,
    softmax as softmax, spatial_softmax as spatial_softmax, stack as stack,
)
from defrun.contrib.slim import learning as learning, model_analyzer as model_analyzer, nets as nets
