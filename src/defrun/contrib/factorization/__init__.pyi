"""`tf.contrib.factorization`: names, and nothing else. Written by tools/face.py."""

from defrun.contrib.factorization.k_means import (
    COSINE_DISTANCE as COSINE_DISTANCE, KMEANS_PLUS_PLUS_INIT as KMEANS_PLUS_PLUS_INIT, KMeans as KMeans,
    RANDOM_INIT as RANDOM_INIT, SQUARED_EUCLIDEAN_DISTANCE as SQUARED_EUCLIDEAN_DISTANCE,
)
