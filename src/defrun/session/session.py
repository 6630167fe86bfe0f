"""`Session`: run any part of a graph."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable
from typing import Any

from tensorboard.compat.proto import config_pb2

from defrun.base import errors
from defrun.compile import Program
from defrun.graph.graph import Graph, current_runner, get_default_graph, hold_runner
from defrun.graph.operation import Operation, Tensor
from defrun.plan import Plan, make_plan
from defrun.plan.explain import Explanation
from defrun.session.devices import list_local_devices
from defrun.session.feed import Feeder, expand_feeds, feed_array
from defrun.session.fetch import FetchStructure
from defrun.session.forgotten import Watch
from defrun.session.partial import PartialRun
from defrun.session.report import report
from defrun.session.runner import Runner
from defrun.session.store import Store
from defrun.session.trace import Trace

_ATOMS: set[type] = {Tensor, Operation}


def fetch_quickly(*kinds: type) -> None:
    """Let `Session.run` look plans up by the very objects of these types, each of which stands for one tensor."""
    _ATOMS.update(kinds)


class BaseSession:
    """What `Session` and `InteractiveSession` share."""

    def __init__(self, target: str = "", graph: Graph | None = None, config: Any = None) -> None:
        if graph is not None and not isinstance(graph, Graph):
            raise TypeError(f"graph must be a tf.Graph, but got {type(graph).__name__}")
        if target is not None and not isinstance(target, (str, bytes)):
            raise TypeError(f"target must be a string, but got {type(target).__name__}")
        if config is not None and not isinstance(config, config_pb2.ConfigProto):
            raise TypeError(f"config must be a tf.ConfigProto, but got {type(config).__name__}")
        if target:
            raise NotImplementedError(f"Session(target={target!r}): defrun runs in this process only so far")
        self._graph = graph if graph is not None else get_default_graph()
        self._config = config
        self._closed = False
        self._store = Store()
        self._plans: dict[Any, Runner] = {}
        self._quick: dict[Any, tuple[Runner, list[int], list[Feeder], Any]] = {}
        self._edits = 0
        self._parts: dict[str, PartialRun] = {}
        self._handles = itertools.count()
        self._watch = Watch(self._graph)

    @property
    def graph(self) -> Graph:
        """The graph that this session runs."""
        return self._graph

    @property
    def graph_def(self) -> Any:
        """The graph as a GraphDef protobuf."""
        return self._graph.as_graph_def()

    @property
    def sess_str(self) -> str:
        """The target; empty, as all runs are local."""
        return ""

    def list_devices(self) -> list[Any]:
        """Return the devices of this process, by their full names."""
        return [d._replace(name=f"/job:localhost/replica:0/task:0{d.name}") for d in list_local_devices()]

    def close(self) -> None:
        """Free what the session keeps. It can't be run any more."""
        self._closed = True
        self._plans.clear()
        self._quick.clear()
        self._store.clear()

    def as_default(self) -> contextlib.AbstractContextManager[Any]:
        """Make this the session that `Tensor.eval` and `Operation.run` use in a ``with`` block."""
        return hold_runner(self)

    # -- running -------------------------------------------------------------------------------------------------

    def run(self, fetches: Any, feed_dict: Any = None, options: Any = None, run_metadata: Any = None) -> Any:
        """Run what `fetches` need, once, and return their values.

        Parameters
        ----------
        fetches : Tensor, Operation, Variable, name, or any nesting of lists, tuples, named tuples and dicts of them
            An operation gives None.
        feed_dict : dict, optional
            Values in the place of tensors: arrays or what NumPy makes arrays of.
        options : RunOptions, optional
            With ``trace_level`` `FULL_TRACE`, say, `run_metadata` tells how long the run's programs, and its nodes on
            the host, took.
        run_metadata : RunMetadata, optional
            What was in it is replaced.

        Returns
        -------
        NumPy arrays and scalars in the structure of `fetches`.

        Raises
        ------
        RuntimeError
            If the session is closed, or its graph is empty.
        TypeError, ValueError
            If a fetch or feed is not of this graph, a fed value doesn't fit, or `options` or `run_metadata` are
            something else.
        OpError
            If an op fails; the variables are then as they were before the run.
        """
        self._check_open()
        if self._edits != self._graph._edits:
            self._forget_plans()
        kind = type(fetches)
        single = kind in _ATOMS
        quick = None
        key: Any = None
        if single or (kind is list and all(type(f) in _ATOMS for f in fetches)):
            key = fetches if single else (list, *fetches)
            try:
                key = (key, *feed_dict) if feed_dict else key
                quick = self._quick.get(key)
            except TypeError:  # a key that is not hashable: told below
                key = None
        if quick is None:
            quick = self._prepare(fetches, feed_dict, key)
        runner, places, feeders, build = quick
        if not feed_dict:
            feeds = []
        elif places is None:
            given = expand_feeds(self._graph, feed_dict)
            feeds = [feeder(given[feeder.tensor]) for feeder in feeders]
        else:
            values = list(feed_dict.values())
            feeds = [feeder(values[i]) for feeder, i in zip(feeders, places, strict=True)]
        if options is None and run_metadata is None:
            results = runner.run(feeds)
        else:
            results = _run_traced(runner, feeds, options, run_metadata)
        if self._watch.active:
            self._watch.ran(runner)
        return build(results)

    def _forget_plans(self) -> None:
        self._plans.clear()
        self._quick.clear()
        self._edits = self._graph._edits

    def _prepare(self, fetches: Any, feed_dict: Any, key: Any) -> Any:
        if self._graph._last_id == 0:
            raise RuntimeError("The Session graph is empty. Add operations to the graph before calling run().")
        structure = FetchStructure(self._graph, fetches)
        feeds = expand_feeds(self._graph, feed_dict) if feed_dict else {}
        tensors = sorted(feeds, key=lambda t: (t._op._id, t._value_index))
        runner = self._runner(structure.flat, tuple(tensors))
        build: Callable[[list[Any]], Any] = structure.build
        if type(fetches) in _ATOMS:
            build = _first
        elif type(fetches) is list and key is not None and len(structure.flat) == len(fetches):
            build = _same
        plain = all(k in feeds for k in feed_dict) if feed_dict and key is not None else not feed_dict
        feeders = [Feeder(t) for t in tensors]
        if not plain:
            return runner, None, feeders, build
        places = {k: i for i, k in enumerate(feed_dict)} if feed_dict else {}
        quick = (runner, [places[t] for t in tensors], feeders, build)
        if key is not None:
            self._quick[key] = quick
        return quick

    def _runner(self, fetches: tuple[Any, ...], feeds: tuple[Tensor, ...]) -> Runner:
        key = (fetches, feeds)
        runner = self._plans.get(key)
        if runner is None:
            plan, programs = plan_for(self._graph, fetches, feeds)
            check_all_fed(plan)
            runner = self._plans[key] = Runner(plan, programs, self._store)
            self._watch.planned(runner)
        return runner

    def explain(self, fetches: Any, feed_dict: Any = None) -> Explanation:
        """Tell what a run of `fetches` with `feed_dict` does, without running it.

        Returns
        -------
        Explanation
            Prints as tables: the nodes that run, by stage; those that don't, and why; the bytes that cross between
            host and device and those of each variable; what was compiled so far; what could be better.
        """
        self._check_open()
        if self._edits != self._graph._edits:
            self._forget_plans()
        structure = FetchStructure(self._graph, fetches)
        given = expand_feeds(self._graph, feed_dict) if feed_dict else {}
        tensors = tuple(sorted(given, key=lambda t: (t._op._id, t._value_index)))
        runner = self._runner(structure.flat, tensors)
        return report(runner, self._store, [feed_array(t, given[t]) for t in tensors])

    def make_callable(self, fetches: Any, feed_list: Any = None, accept_options: bool = False) -> Callable[..., Any]:
        """Return a function of the values for `feed_list` that runs `fetches`.

        It also takes the keywords ``options`` and ``run_metadata`` of `run`.
        """
        keys = [self._graph.as_graph_element(k, allow_operation=False) for k in feed_list or ()]

        def call(*values: Any, **options: Any) -> Any:
            if len(values) != len(keys):
                raise TypeError(f"make_callable: {len(keys)} feed values expected, got {len(values)}")
            return self.run(fetches, dict(zip(keys, values, strict=True)), **options)

        FetchStructure(self._graph, fetches)
        return call

    def partial_run_setup(self, fetches: Any, feeds: Any = None) -> str:
        """Begin a run in parts: say what will be fetched and fed, each once, over some calls of `partial_run`.

        Parameters
        ----------
        fetches : as of `run`
            Operations run as soon as what they need is there.
        feeds : list of Tensor, optional

        Returns
        -------
        str
            The handle for `partial_run`.

        Raises
        ------
        RuntimeError
            If the session is closed, or its graph is empty.
        TypeError, ValueError
            If a fetch or feed is not of this graph.
        """
        self._check_open()
        if self._graph._last_id == 0:
            raise RuntimeError("The Session graph is empty. Add operations to the graph before calling run().")
        wanted = FetchStructure(self._graph, fetches).flat
        given = expand_feeds(self._graph, dict.fromkeys(feeds or (), (None,) * 3))
        part = PartialRun(self._graph, wanted, tuple(given))
        handle = f"partial_run_{next(self._handles)}"
        self._parts[handle] = part
        return handle

    def partial_run(self, handle: Any, fetches: Any, feed_dict: Any = None) -> Any:
        """Go on with a run in parts: nothing of it is computed, drawn or updated twice.

        Parameters
        ----------
        handle : str
            From `partial_run_setup`.
        fetches : Tensor or any structure of them, as of `run`
        feed_dict : dict, optional

        Returns
        -------
        NumPy arrays and scalars in the structure of `fetches`.

        Raises
        ------
        InvalidArgumentError
            If the handle, a fetch or a feed was not set up or has been used already, or a fetch needs what is not
            fed yet.
        RuntimeError
            If an operation is to be fetched, which has no value.
        """
        self._check_open()
        part = self._parts.get(handle)
        if part is None:
            raise errors.InvalidArgumentError(None, None, "There is no such handle; call partial_run_setup first.")
        structure = FetchStructure(self._graph, fetches)
        given = expand_feeds(self._graph, feed_dict) if feed_dict else {}
        plan = part.next_plan(structure.flat, {t: feed_array(t, value) for t, value in given.items()})
        frozen, programs = plan_for(self._graph, plan.fetches, tuple(plan.feeds), plan.done)
        check_all_fed(frozen)
        values = part.take(plan, Runner(frozen, programs, self._store).run(list(plan.feeds.values())))
        if part.ended:
            del self._parts[handle]
        return structure.build([values[fetch] for fetch in structure.flat])  # type: ignore[index]  # all are tensors

    def _check_open(self) -> None:
        if self._closed:
            raise RuntimeError("Attempted to use a closed Session.")


def _first(results: list[Any]) -> Any:
    return results[0]


def _same(results: list[Any]) -> Any:
    return results


def _run_traced(runner: Runner, feeds: list[Any], options: Any, metadata: Any) -> list[Any]:
    """Run, and fill `metadata` with what `options` ask for."""
    for given, kind in ((options, config_pb2.RunOptions), (metadata, config_pb2.RunMetadata)):
        if given is not None and not isinstance(given, kind):
            raise TypeError(f"expected a tf.{kind.DESCRIPTOR.name}, but got {type(given).__name__}")
    if metadata is None:
        return runner.run(feeds)
    asked = options if options is not None else config_pb2.RunOptions()
    trace = Trace() if asked.trace_level or asked.output_partition_graphs else None
    results = runner.run(feeds, trace if asked.trace_level else None)
    metadata.Clear()
    if trace is not None:
        trace.tell(metadata, runner.plan, asked)
    return results


def check_all_fed(plan: Plan) -> None:
    """Raise `InvalidArgumentError` if the plan needs a placeholder that is not fed."""
    for op in plan.order:
        if op.definition.placeholder:
            kind, shape = op.outputs[0].dtype.name, op.outputs[0].shape
            text = f"You must feed a value for placeholder tensor '{op.name}' with dtype {kind} and shape {shape}"
            raise errors.InvalidArgumentError(None, op, text)


def plan_for(
    graph: Graph, fetches: tuple[Any, ...], feeds: tuple[Tensor, ...], done: frozenset[Operation] = frozenset()
) -> tuple[Plan, list[Program | None]]:
    """Return the plan of a run and its compiled programs, which all sessions of a graph share; see `make_plan`."""
    cache = graph._attic.setdefault("plans", {})
    key = (graph._edits, fetches, feeds, done)
    if key not in cache:
        plan = make_plan(graph, fetches, feeds, done)
        cache[key] = plan, [Program(stage) if stage.device else None for stage in plan.stages]
    return cache[key]


class Session(BaseSession):
    """Runs parts of a graph and keeps its variables.

    Parameters
    ----------
    target : str
        Must be empty: runs are local.
    graph : Graph, optional
        By default the default graph.
    config : ConfigProto, optional
        Taken; what it says about threads, devices and memory is XLA's to decide here.

    Examples
    --------
    >>> with tf.Session() as sess:
    ...     print(sess.run(tf.constant(1) + 2))
    3
    """

    def __init__(self, target: str = "", graph: Graph | None = None, config: Any = None) -> None:
        super().__init__(target, graph, config)
        self._stack: list[contextlib.ExitStack] = []

    def __enter__(self) -> Session:
        stack = contextlib.ExitStack()
        stack.enter_context(self._graph.as_default())
        stack.enter_context(self.as_default())
        self._stack.append(stack)
        return self

    def __exit__(self, *exc: Any) -> None:
        self._stack.pop().__exit__(*exc)
        if not self._stack:
            self.close()

    @staticmethod
    def reset(target: str, containers: Any = None, config: Any = None) -> None:
        """Taken for TensorFlow's sake: sessions share nothing that could be reset."""


class InteractiveSession(BaseSession):
    """A session that makes itself the default one when it is made; for notebooks and shells."""

    def __init__(self, target: str = "", graph: Graph | None = None, config: Any = None) -> None:
        super().__init__(target, graph, config)
        self._hold = contextlib.ExitStack()
        if graph is not None:
            self._hold.enter_context(graph.as_default())
        self._hold.enter_context(self.as_default())

    def close(self) -> None:
        """Free what the session keeps, and end being the default."""
        super().close()
        with contextlib.suppress(AssertionError):
            self._hold.close()


def get_default_session() -> Any:
    """Return the innermost default session of this thread, or None."""
    return current_runner()
