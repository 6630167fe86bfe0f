"""One process that runs workloads on one framework: `python worker.py FRAMEWORK`.

It speaks JSON lines. First it says {"version", "import_s", "rss"}; then, for each request
{"workload": "lecture", "task": "step", "seconds": 0.3, "calls": 1} it answers {"first_s", "call_s", "calls", "rss",
"peak"}: the time to build the workload and to make its first call (0 if it stood already), the median time of the calls
made after that (at least `calls` of them and for at least `seconds`), and memory in bytes. What goes wrong is
{"error": text}.

Python 3.7 runs this file too.
"""

import importlib
import json
import os
import resource
import sys
import time
import warnings


def load(framework):
    """Import a framework; return (the workload function it takes, the module, its version)."""
    if framework == "defrun":
        from importlib.metadata import version

        import defrun as tf
        return "tensorflow", tf, version("defrun")
    if framework == "tf1":
        import tensorflow as tf
        return "tensorflow", tf, tf.__version__
    if framework == "tf2":
        import tensorflow.compat.v1 as tf
        tf.disable_v2_behavior()
        return "tensorflow", tf, tf.__version__
    module = importlib.import_module(framework)
    return framework, module, module.__version__


def resident_bytes():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def thread_counts(kind, module):
    """Return the thread counts to try, the best of which counts.

    PyTorch's threads wait for each other by spinning; on a machine that does something else too, one may be faster.
    """
    return [module.get_num_threads(), 1] if kind == "torch" else [None]


class Workloads:
    """The workloads of one framework, each built when it is first asked for."""

    def __init__(self, kind, module):
        self.kind, self.module = kind, module
        self.tasks = {}
        self.threads = thread_counts(kind, module)

    def measure(self, workload, task, seconds, calls):
        """Answer one request."""
        first = 0.0
        if (workload, task) not in self.tasks:
            build = getattr(importlib.import_module("workloads." + workload), self.kind, None)
            if build is None:
                return {"error": "not comparable"}
            start = time.perf_counter()
            self.tasks[workload, task] = build(self.module)[task]
            self.tasks[workload, task]()
            first = time.perf_counter() - start
        counts = self.threads if seconds else self.threads[:1]
        timed = [self.time(self.tasks[workload, task], count, seconds / len(counts), calls) for count in counts]
        call_s, calls = min(timed)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        return {"first_s": first, "call_s": call_s, "calls": calls, "rss": resident_bytes(), "peak": peak}

    def time(self, run, threads, seconds, calls):
        """Return (the median time of a call, the number of calls)."""
        if threads:
            self.module.set_num_threads(threads)
        times, clock = [], time.perf_counter
        end = clock() + seconds
        while len(times) < calls or clock() < end:
            start = clock()
            run()
            times.append(clock() - start)
        return (sorted(times)[len(times) // 2] if times else 0.0), len(times)


def main():
    """Load the framework, then answer until standard input ends."""
    warnings.simplefilter("ignore")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a framework prints is no answer

    def answer(message):
        answers.write(json.dumps(message) + "\n")
        answers.flush()

    start = time.perf_counter()
    try:
        kind, module, version = load(sys.argv[1])
    except Exception as error:
        answer({"error": repr(error)})
        return
    answer({"version": version, "import_s": time.perf_counter() - start, "rss": resident_bytes()})
    workloads = Workloads(kind, module)
    for line in sys.stdin:
        try:
            answer(workloads.measure(**json.loads(line)))
        except Exception as error:
            answer({"error": "%s: %s" % (type(error).__name__, str(error)[:300])})


if __name__ == "__main__":
    main()
