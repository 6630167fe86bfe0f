"""`tf.random`: names, and nothing else. Written by tools/face.py."""

from defrun.ops.candidates import (
    all_candidate_sampler as all_candidate_sampler, fixed_unigram_candidate_sampler as fixed_unigram_candidate_sampler,
    learned_unigram_candidate_sampler as learned_unigram_candidate_sampler,
    log_uniform_candidate_sampler as log_uniform_candidate_sampler,
    uniform_candidate_sampler as uniform_candidate_sampler,
)
from defrun.ops.random import (
    categorical as categorical, multinomial as multinomial, random_normal as normal, random_shuffle as shuffle,
    truncated_normal as truncated_normal, random_uniform as uniform,
)
from defrun.ops.random_parametric import random_gamma as gamma, random_poisson as poisson
from defrun.ops.seeds import get_seed as get_seed, set_random_seed as set_random_seed
from defrun.ops.stateless_random import (
    stateless_categorical as stateless_categorical, stateless_multinomial as stateless_multinomial,
    stateless_random_normal as stateless_normal, stateless_truncated_normal as stateless_truncated_normal,
    stateless_random_uniform as stateless_uniform,
)
