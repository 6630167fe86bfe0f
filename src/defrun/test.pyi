"""`tf.test`: names, and nothing else. Written by tools/face.py."""

from defrun.testing.benchmark import Benchmark as Benchmark, benchmark_config as benchmark_config
from defrun.testing.case import TestCase as TestCase
from defrun.testing.gradient_checker import (
    compute_gradient as compute_gradient, compute_gradient_error as compute_gradient_error,
)
from defrun.testing.graphs import assert_equal_graph_def as assert_equal_graph_def
from defrun.testing.places import (
    get_temp_dir as get_temp_dir, gpu_device_name as gpu_device_name, is_built_with_cuda as is_built_with_cuda,
    is_built_with_gpu_support as is_built_with_gpu_support, is_built_with_rocm as is_built_with_rocm,
    is_gpu_available as is_gpu_available, main as main, test_src_dir_path as test_src_dir_path,
)
from defrun.testing.stubs import StubOutForTesting as StubOutForTesting
from unittest import mock as mock
