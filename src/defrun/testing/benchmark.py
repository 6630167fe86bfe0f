"""`tf.test.Benchmark`: methods called `benchmark...` are run and timed if the command line says `--benchmarks=`."""

from __future__ import annotations

import inspect
import os
import re
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from tensorboard.compat.proto import config_pb2, rewriter_config_pb2

from defrun.session.session import get_default_session

_REPORT_FILES = "TEST_REPORT_FILE_PREFIX"
_classes: list[type[Benchmark]] = []


def benchmark_config() -> config_pb2.ConfigProto:
    """Return a session's settings under which no node is left out."""
    config = config_pb2.ConfigProto()
    config.graph_options.rewrite_options.dependency_optimization = rewriter_config_pb2.RewriterConfig.OFF
    return config


class Benchmark:
    """A class of benchmarks. Those derived from it are run if the script is started with `--benchmarks=REGEX`."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        _classes.append(cls)

    def report_benchmark(
        self,
        iters: int | None = None,
        cpu_time: float | None = None,
        wall_time: float | None = None,
        throughput: float | None = None,
        extras: dict[str, Any] | None = None,
        name: str | None = None,
        metrics: list[dict[str, Any]] | None = None,
    ) -> None:
        """Print what was measured.

        Parameters
        ----------
        iters : int, optional
            How often it ran.
        cpu_time, wall_time : float, optional
            Of one run, in seconds.
        throughput : float, optional
        extras : dict of numbers and texts, optional
        name : str, optional
            By default the method's.
        metrics : list of dict, optional
            Each with "name" and "value", maybe "min_value" and "max_value".

        Raises
        ------
        TypeError
            If extras or metrics are something else.
        NotImplementedError
            If the environment asks for a file: only printing is there.
        """
        if _REPORT_FILES in os.environ:
            raise NotImplementedError(f"tf.test.Benchmark with {_REPORT_FILES}: reports are only printed")
        lines = [f'  name: "{self._name(name)}"']
        given = {"iters": iters, "cpu_time": cpu_time, "wall_time": wall_time, "throughput": throughput}
        lines += [f"  {key}: {value}" for key, value in given.items() if value is not None]
        if not isinstance(extras or {}, dict):
            raise TypeError("extras must be a dict")
        for key, value in (extras or {}).items():
            number = isinstance(value, (int, float)) or hasattr(value, "dtype")
            shown = f"double_value: {value}" if number else f'string_value: "{value}"'
            lines += ["  extras {", f'    key: "{key}"', "    value {", f"      {shown}", "    }", "  }"]
        if not isinstance(metrics or [], list):
            raise TypeError("metrics must be a list")
        for metric in metrics or []:
            if not {"name", "value"} <= set(metric):
                raise TypeError("a metric must have a 'name' and a 'value'")
            lines += ["  metrics {", f'    name: "{metric["name"]}"', f"    value: {metric['value']}"]
            for key in ("min_value", "max_value"):
                if key in metric:
                    lines += [f"    {key} {{", f"      value: {metric[key]}", "    }"]
            lines.append("  }")
        print("\n".join(["entry {", *lines, "}\n"]))

    def _name(self, given: str | None) -> str:
        """Return the class and the outermost of its methods that is running."""
        running = [f.function for f in inspect.stack() if f.frame.f_locals.get("self") is self]
        return f"{type(self).__name__}.{given or running[-1]}"

    def run_op_benchmark(
        self,
        sess: Any,
        op_or_tensor: Any,
        feed_dict: dict[Any, Any] | None = None,
        burn_iters: int = 2,
        min_iters: int = 10,
        store_trace: bool = False,
        store_memory_usage: bool = True,
        name: str | None = None,
        extras: dict[str, Any] | None = None,
        mbs: float = 0,
    ) -> dict[str, Any]:
        """Run something in a session some times and report how long it takes.

        Parameters
        ----------
        sess : Session
        op_or_tensor
            What `Session.run` takes.
        feed_dict : dict, optional
        burn_iters, min_iters : int
            How often it runs before it is timed, and then.
        store_trace, store_memory_usage : bool
            Not measured here.
        name : str, optional
        extras : dict, optional
            Goes into the report.
        mbs : float
            Megabytes that a run moves.

        Returns
        -------
        dict
            With the median `wall_time` in seconds, `iters`, `throughput`, `extras` and `name`.
        """
        for _ in range(burn_iters):
            sess.run(op_or_tensor, feed_dict=feed_dict)
        times = []
        for _ in range(min_iters):
            start = time.time()
            sess.run(op_or_tensor, feed_dict=feed_dict)
            times.append(time.time() - start)
        median = statistics.median(times) if times else -1
        values: dict[str, Any] = {"iters": min_iters, "wall_time": median, "extras": dict(extras or {}), "name": name,
                  "throughput": mbs / median if median else 0.0}  # fmt: skip
        self.report_benchmark(**values)
        return values

    def evaluate(self, tensors: Any) -> Any:
        """Return the values of tensors in the default session. RuntimeError if there is none."""
        session = get_default_session()
        if session is None:
            raise RuntimeError("Benchmark.evaluate needs a default session: call it inside `with tf.Session():`")
        return session.run(tensors)


def run_benchmarks(regex: str) -> None:
    """Run the methods `benchmark...` whose whole name has a match of `regex`, or all for "all"."""
    for cls in _classes:
        methods = [name for name in dir(cls) if name.startswith("benchmark") and callable(getattr(cls, name))]
        whole = f"{cls.__module__}.{cls.__name__}"
        chosen = [name for name in methods if regex == "all" or re.search(regex, f"{whole}.{name}")]
        instance = cls() if chosen else None
        for name in chosen:
            getattr(instance, name)()


def benchmarks_main(true_main: Callable[[], Any], argv: Sequence[str] | None = None) -> None:
    """Run the benchmarks that `--benchmarks=REGEX` on the command line asks for, or else call `true_main`."""
    words = sys.argv if argv is None else argv
    asked = [word for word in words if re.match("--?benchmarks=", word)]
    if asked:
        run_benchmarks(asked[0].partition("=")[2])
    else:
        true_main()
