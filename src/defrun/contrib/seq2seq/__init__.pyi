"""`tf.contrib.seq2seq`: names, and nothing else. Written by tools/face.py."""

from defrun.contrib.seq2seq.alignment import (
    hardmax as hardmax, monotonic_attention as monotonic_attention, safe_cumprod as safe_cumprod,
)
from defrun.contrib.seq2seq.attention import (
    AttentionMechanism as AttentionMechanism, BahdanauAttention as BahdanauAttention,
    BahdanauMonotonicAttention as BahdanauMonotonicAttention, LuongAttention as LuongAttention,
    LuongMonotonicAttention as LuongMonotonicAttention,
)
from defrun.contrib.seq2seq.attention_wrapper import (
    AttentionWrapper as AttentionWrapper, AttentionWrapperState as AttentionWrapperState,
)
from defrun.contrib.seq2seq.basic_decoder import BasicDecoder as BasicDecoder, BasicDecoderOutput as BasicDecoderOutput
from defrun.contrib.seq2seq.beam_scores import (
    BeamSearchDecoderOutput as BeamSearchDecoderOutput, BeamSearchDecoderState as BeamSearchDecoderState,
)
from defrun.contrib.seq2seq.beam_search_decoder import (
    BeamSearchDecoder as BeamSearchDecoder, FinalBeamSearchDecoderOutput as FinalBeamSearchDecoderOutput,
)
from defrun.contrib.seq2seq.beam_tensors import tile_batch as tile_batch
from defrun.contrib.seq2seq.decoder import Decoder as Decoder, dynamic_decode as dynamic_decode
from defrun.contrib.seq2seq.helper import (
    CustomHelper as CustomHelper, GreedyEmbeddingHelper as GreedyEmbeddingHelper, Helper as Helper,
    InferenceHelper as InferenceHelper, SampleEmbeddingHelper as SampleEmbeddingHelper,
    TrainingHelper as TrainingHelper,
)
from defrun.contrib.seq2seq.loss import sequence_loss as sequence_loss
from defrun.contrib.seq2seq.scheduled import (
    ScheduledEmbeddingTrainingHelper as ScheduledEmbeddingTrainingHelper,
    ScheduledOutputTrainingHelper as ScheduledOutputTrainingHelper,
)
from defrun.ops.beams import gather_tree as gather_tree
