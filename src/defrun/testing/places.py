"""Where tests run: their folders and devices, and how a file of tests is started."""

from __future__ import annotations

import atexit
import functools
import os
import shutil
import tempfile
from collections.abc import Sequence

from absl.testing import absltest

from defrun import app
from defrun.session.devices import list_local_devices
from defrun.testing.benchmark import benchmarks_main


def main(argv: Sequence[str] | None = None) -> None:
    """Run the tests of the script, or its benchmarks with `--benchmarks=`, and exit. SystemExit: 0 if all passed."""
    benchmarks_main(lambda: app.run(main=lambda rest: absltest.run_tests(rest, [], {}), argv=argv), argv)


@functools.cache
def get_temp_dir() -> str:
    """Return a folder for the tests of this program, removed when it ends; in `TEST_TMPDIR` if that is set."""
    folder = tempfile.mkdtemp(dir=os.environ.get("TEST_TMPDIR"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def test_src_dir_path(relative_path: str) -> str:
    """Return the path of a file below TensorFlow's own folder in `TEST_SRCDIR`."""
    return os.path.join(os.environ["TEST_SRCDIR"], "org_tensorflow/tensorflow", relative_path)


def gpu_device_name() -> str:
    """Return the name of the first GPU, or an empty text if there is none."""
    return next((device.name for device in list_local_devices() if device.device_type == "GPU"), "")


def is_gpu_available(cuda_only: bool = False, min_cuda_compute_capability: tuple[int, int] | None = None) -> bool:
    """Whether there is a GPU."""
    return bool(gpu_device_name())


def is_built_with_cuda() -> bool:
    """Whether GPUs of NVIDIA can be used: if there is one."""
    return is_gpu_available()


def is_built_with_gpu_support() -> bool:
    """Whether GPUs can be used: if there is one."""
    return is_gpu_available()


def GpuSupportsHalfMatMulAndConv() -> bool:
    """Whether the GPU has 16-bit arithmetic."""
    return is_gpu_available()


def IsMklEnabled() -> bool:
    """Whether Intel MKL does the work: no."""
    return False


def is_built_with_rocm() -> bool:
    """Whether GPUs of AMD can be used: nobody has tried."""
    return False
