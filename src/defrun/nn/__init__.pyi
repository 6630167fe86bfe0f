"""`tf.nn`: names, and nothing else. Written by tools/face.py."""

from defrun.nn import rnn_cell as rnn_cell
from defrun.ops.activation import (
    crelu as crelu, elu as elu, leaky_relu as leaky_relu, relu as relu, relu6 as relu6, selu as selu,
    softplus as softplus, softsign as softsign, swish as swish,
)
from defrun.ops.blocks import (
    depth_to_space as depth_to_space, space_to_batch as space_to_batch, space_to_depth as space_to_depth,
)
from defrun.ops.candidates import (
    all_candidate_sampler as all_candidate_sampler, compute_accidental_hits as compute_accidental_hits,
    fixed_unigram_candidate_sampler as fixed_unigram_candidate_sampler,
    learned_unigram_candidate_sampler as learned_unigram_candidate_sampler,
    log_uniform_candidate_sampler as log_uniform_candidate_sampler,
    uniform_candidate_sampler as uniform_candidate_sampler,
)
from defrun.ops.conv import (
    conv2d as conv2d, conv2d_backprop_filter as conv2d_backprop_filter, conv2d_backprop_input as conv2d_backprop_input,
    conv3d as conv3d, convolve_3d_to_filter as conv3d_backprop_filter,
    convolve_3d_to_filter as conv3d_backprop_filter_v2,
)
from defrun.ops.convolution import (
    atrous_conv2d as atrous_conv2d, atrous_conv2d_transpose as atrous_conv2d_transpose, conv1d as conv1d,
    conv1d_transpose as conv1d_transpose, conv2d_transpose as conv2d_transpose, conv3d_transpose as conv3d_transpose,
    conv_transpose as conv_transpose, convolution as convolution,
)
from defrun.ops.ctc.decode import (
    ctc_beam_search_decoder as ctc_beam_search_decoder, ctc_beam_search_decoder_v2 as ctc_beam_search_decoder_v2,
    ctc_greedy_decoder as ctc_greedy_decoder,
)
from defrun.ops.ctc.loss import (
    collapse_repeated as collapse_repeated, ctc_loss as ctc_loss, ctc_loss_v2 as ctc_loss_v2,
    ctc_unique_labels as ctc_unique_labels,
)
from defrun.ops.depthwise import (
    depthwise_conv2d as depthwise_conv2d, depthwise_conv2d_native_backprop_filter as depthwise_conv2d_backprop_filter,
    depthwise_conv2d_native_backprop_input as depthwise_conv2d_backprop_input,
    depthwise_conv2d_native as depthwise_conv2d_native,
    depthwise_conv2d_native_backprop_filter as depthwise_conv2d_native_backprop_filter,
    depthwise_conv2d_native_backprop_input as depthwise_conv2d_native_backprop_input,
    separable_conv2d as separable_conv2d,
)
from defrun.ops.dilate import with_space_to_batch as with_space_to_batch
from defrun.ops.elementary import sigmoid as sigmoid, tanh as tanh
from defrun.ops.embedding import (
    embedding_lookup as embedding_lookup, embedding_lookup_sparse as embedding_lookup_sparse,
    safe_embedding_lookup_sparse as safe_embedding_lookup_sparse,
)
from defrun.ops.fractional import fractional_avg_pool as fractional_avg_pool, fractional_max_pool as fractional_max_pool
from defrun.ops.image.morphology import dilation2d as dilation2d, erosion2d as erosion2d
from defrun.ops.moments import (
    batch_norm_with_global_normalization as batch_norm_with_global_normalization,
    batch_normalization as batch_normalization, l2_normalize as l2_normalize, moments as moments,
    normalize_moments as normalize_moments, sufficient_statistics as sufficient_statistics,
    weighted_moments as weighted_moments,
)
from defrun.ops.nn import (
    bias_add as bias_add, dropout as dropout, in_top_k as in_top_k, l2_loss as l2_loss,
    log_poisson_loss as log_poisson_loss, relu_layer as relu_layer, top_k as top_k, xw_plus_b as xw_plus_b,
    zero_fraction as zero_fraction,
)
from defrun.ops.normalization import (
    fused_batch_norm as fused_batch_norm, local_response_normalization as local_response_normalization,
    local_response_normalization as lrn,
)
from defrun.ops.pooling import (
    avg_pool as avg_pool, avg_pool1d as avg_pool1d, avg_pool as avg_pool2d, avg_pool3d as avg_pool3d,
    avg_pool_v2 as avg_pool_v2, max_pool as max_pool, max_pool1d as max_pool1d, max_pool2d as max_pool2d,
    max_pool3d as max_pool3d, max_pool_v2 as max_pool_v2, max_pool_with_argmax as max_pool_with_argmax, pool as pool,
)
from defrun.ops.sampled_losses import nce_loss as nce_loss, sampled_softmax_loss as sampled_softmax_loss
from defrun.ops.softmax import log_softmax as log_softmax, softmax as softmax
from defrun.ops.xent import (
    sigmoid_cross_entropy_with_logits as sigmoid_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits as softmax_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits_v2 as softmax_cross_entropy_with_logits_v2,
    sparse_softmax_cross_entropy_with_logits as sparse_softmax_cross_entropy_with_logits,
    weighted_cross_entropy_with_logits as weighted_cross_entropy_with_logits,
)
from defrun.rnn.dynamic import bidirectional_dynamic_rnn as bidirectional_dynamic_rnn, dynamic_rnn as dynamic_rnn
from defrun.rnn.raw import raw_rnn as raw_rnn
from defrun.rnn.static import (
    static_bidirectional_rnn as static_bidirectional_rnn, static_rnn as static_rnn,
    static_state_saving_rnn as static_state_saving_rnn,
)
