"""`tf.contrib`: names, and nothing else. Written by tools/face.py."""

from defrun.contrib import (
    checkpoint as checkpoint, crf as crf, cudnn_rnn as cudnn_rnn, deprecated as deprecated,
    distributions as distributions, eager as eager, factorization as factorization, framework as framework,
    image as image, layers as layers, learn as learn, legacy_seq2seq as legacy_seq2seq, lookup as lookup,
    losses as losses, metrics as metrics, nn as nn, opt as opt, predictor as predictor, rnn as rnn, seq2seq as seq2seq,
    signal as signal, slim as slim, stateless as stateless, tensorboard as tensorboard, training as training,
    util as util,
)
