"""Decorators that TensorFlow's own tests wear. Here every test runs in graph mode, in version 1, compiled by XLA."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator
from typing import Any

from defrun.base.modes import enabled
from defrun.graph.scopes import device as device_scope
from defrun.testing.places import is_gpu_available

Method = Callable[..., Any]


def _as_it_is(*args: Any, **kwargs: Any) -> Any:
    """Return what is decorated, used as `@decorator` or as `@decorator(...)`."""
    if len(args) == 1 and not kwargs and callable(args[0]):
        return args[0]
    return lambda decorated: decorated


deprecated_graph_mode_only: Method = _as_it_is
run_deprecated_v1: Method = _as_it_is
run_v1_only: Method = _as_it_is
build_as_function_and_v1_graph: Method = _as_it_is
py_func_if_in_function: Method = _as_it_is
enable_control_flow_v2: Method = _as_it_is
with_control_flow_v2: Method = _as_it_is
disable_control_flow_v2: Method = _as_it_is
enable_output_all_intermediates: Method = _as_it_is
enable_c_shapes: Method = _as_it_is
with_c_shapes: Method = _as_it_is
assert_no_new_tensors: Method = _as_it_is
assert_no_garbage_created: Method = _as_it_is


def run_in_graph_and_eager_modes(
    func: Method | None = None,
    config: Any = None,
    use_gpu: bool = True,
    reset_test: bool = True,
    assert_no_eager_garbage: bool = False,
) -> Any:
    """Run a test method inside its session; there is no eager mode here to run it in again.

    Raises
    ------
    ValueError
        If it is put on a class.
    """

    def decorate(method: Any) -> Any:
        if isinstance(method, type):
            raise ValueError("run_in_graph_and_eager_modes is for methods; use run_all_in_graph_and_eager_modes")

        @functools.wraps(method)
        def decorated(self: Any, *args: Any, **kwargs: Any) -> None:
            with self.test_session(use_gpu=use_gpu, config=config):
                method(self, *args, **kwargs)

        return decorated

    return decorate if func is None else decorate(func)


def for_all_test_methods(decorator: Method, *args: Any, **kwargs: Any) -> Method:
    """Return a decorator of classes that puts `decorator(*args, **kwargs)` on each test method."""

    def decorate(cls: Any) -> Any:
        for name in dir(cls):
            method = getattr(cls, name)
            if callable(method) and name.startswith("test") and name != "test_session":
                setattr(cls, name, decorator(*args, **kwargs)(method))
        return cls

    return decorate


def run_all_in_graph_and_eager_modes(cls: Any) -> Any:
    """Run each test method of a class inside its session."""
    return for_all_test_methods(run_in_graph_and_eager_modes)(cls)


run_test_in_graph_and_eager_modes = run_in_graph_and_eager_modes
run_all_tests_in_graph_and_eager_modes = run_all_in_graph_and_eager_modes


def _skipped_unless(condition: Callable[[], bool], reason: str) -> Method:
    def decorate(func: Method | None = None) -> Any:
        def inner(method: Method) -> Method:
            @functools.wraps(method)
            def decorated(self: Any, *args: Any, **kwargs: Any) -> Any:
                if not condition():
                    self.skipTest(reason)
                return method(self, *args, **kwargs)

            return decorated

        return inner if func is None else inner(func)

    return decorate


run_gpu_only = _skipped_unless(is_gpu_available, "Test requires GPU")
run_cuda_only = _skipped_unless(is_gpu_available, "Test requires CUDA GPU")
run_v2_only = _skipped_unless(enabled, "Test is only compatible with v2")


def skip_if(condition: Any) -> Method:
    """Return a decorator: the function does nothing if `condition`, a bool or a function of nothing, holds."""

    def decorate(function: Method) -> Method:
        @functools.wraps(function)
        def decorated(*args: Any, **kwargs: Any) -> Any:
            holds = condition() if callable(condition) else condition
            return None if holds else function(*args, **kwargs)

        return decorated

    return decorate


def disable_xla(description: str) -> Method:
    """Return a decorator that changes nothing: it marks what TensorFlow's optional compiler could not do."""
    return _as_it_is


no_xla_auto_jit = xla_allow_fallback = disable_xla


def is_xla_enabled() -> bool:
    """Whether TensorFlow's optional compilation of parts of a graph is on: no."""
    return False


@contextlib.contextmanager
def device(use_gpu: bool) -> Iterator[None]:
    """Put the nodes of a ``with`` block on the GPU if there is one and `use_gpu`, else on the CPU."""
    with device_scope("/device:GPU:0" if use_gpu and is_gpu_available() else "/device:CPU:0"):
        yield


def use_gpu() -> contextlib.AbstractContextManager[None]:
    """Put the nodes of a ``with`` block on the GPU if there is one."""
    return device(True)


def force_gpu() -> contextlib.AbstractContextManager[None]:
    """Put the nodes of a ``with`` block on the GPU."""
    return device_scope("/device:GPU:0")


def force_cpu() -> contextlib.AbstractContextManager[None]:
    """Put the nodes of a ``with`` block on the CPU."""
    return device_scope("/device:CPU:0")
