"""Graphs of random functions. Each: build(tf) adds nodes; TensorFlow and the tests build the same ones."""

import numpy as np


def build_defaults(tf):
    x = tf.placeholder(tf.float32, [None, 4], name="x")
    tf.random_uniform([2, 3])
    tf.random_normal([2, 3])
    tf.truncated_normal([2, 3])
    tf.random_shuffle(x)
    tf.multinomial(x, 3)
    tf.random.categorical(x, 3)


def build_seeded(tf):
    x = tf.placeholder(tf.float32, [None, 4], name="x")
    tf.set_random_seed(42)
    tf.random_uniform([2, 3], -1, 1, seed=7)
    tf.random_uniform([2, 3], name="u")
    tf.random_normal(tf.shape(x), mean=2, stddev=0.5, name="n")
    tf.truncated_normal([3], stddev=0.1, dtype=tf.float64, seed=1)
    tf.random_shuffle(x, seed=3, name="s")
    tf.multinomial(x, 2, seed=5, name="m", output_dtype=tf.int32)
    tf.random.categorical(x, 2, dtype=tf.int32, name="c")


def build_integers(tf):
    tf.random_uniform([4], maxval=10, dtype=tf.int32, seed=0)
    tf.random_uniform([], minval=-5, maxval=5, dtype=tf.int64, name="i")
    tf.set_random_seed(0)
    tf.random_uniform([2], 0, 3, tf.int32, seed=0)


def build_crop(tf):
    x = tf.placeholder(tf.float32, [None, 4], name="x")
    tf.random_crop(x, [2, 2], seed=9)
    tf.random_crop(tf.zeros([5, 5]), tf.constant([3, 3]), name="cropped")


def build_tensors(tf):
    x = tf.placeholder(tf.float32, [None, 4], name="x")
    low = tf.placeholder(tf.float32, [], name="low")
    tf.random_uniform([3], low, low + 1.0)
    tf.random_normal([2, x.shape[1]], mean=low)
    tf.random_uniform(np.array([2, 3]), maxval=low, dtype=tf.float32, seed=2)
    tf.random_uniform(x.shape[1:], dtype=tf.float64)


def build_stateless(tf):
    x = tf.placeholder(tf.float32, [None, 4], name="x")
    tf.random.stateless_uniform([2, 3], [1, 2])
    tf.random.stateless_uniform([2], [1, 2], -1, 1, dtype=tf.float64, name="u")
    tf.random.stateless_uniform([2], [1, 2], maxval=9, dtype=tf.int32)
    tf.random.stateless_normal([2, 3], tf.constant([1, 2], tf.int64), mean=1.0, stddev=2.0)
    tf.random.stateless_truncated_normal([2, 3], [1, 2])
    tf.random.stateless_multinomial(x, 3, [1, 2])
    tf.random.stateless_categorical(x, 3, [1, 2], dtype=tf.int32)


def build_gamma(tf):
    x = tf.placeholder(tf.float32, [None, 4], name="x")
    tf.random_gamma([3], 0.5)
    tf.random_gamma([3], [0.5, 1.5], beta=[[1.0], [2.0]], seed=3, dtype=tf.float64, name="g")
    tf.random_gamma([2, 5], x, seed=1)
    tf.random_poisson(x, [3])
    tf.random_poisson([0.5, 20.0], [2], dtype=tf.int64, seed=7, name="p")
