"""`tf.test.TestCase`: Python's, with sessions for the asking and assertions on arrays and messages."""

from __future__ import annotations

import contextlib
import os
import random
import re
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from absl.testing import absltest
from google.protobuf import message, text_format

from defrun.base import device, dtypes, errors, nest
from defrun.base.text import as_str_any
from defrun.base.version import GRAPH_DEF_VERSION_MIN_CONSUMER
from defrun.graph.graph import Graph, reset_default_graph
from defrun.graph.operation import Tensor
from defrun.ops.seeds import DEFAULT_GRAPH_SEED, set_random_seed
from defrun.session.session import Session, get_default_session
from defrun.testing.places import get_temp_dir, gpu_device_name


class Captured(NamedTuple):
    """A stream whose writes go into a file. `TestCase.captureWritesToStream` makes one."""

    stream: Any
    path: str

    def contents(self) -> str:
        """Return what was written so far."""
        self.stream.flush()
        with open(self.path, encoding="utf-8", errors="replace") as file:
            return file.read()


class CheckedThread:
    """A thread whose error fails the test that joins it. `TestCase.checkedThread` makes one."""

    def __init__(self, case: TestCase, target: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]):
        self._case = case
        self._target = lambda: target(*args, **kwargs)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._error: BaseException | None = None
        self._joined = False

    def _run(self) -> None:
        try:
            self._target()
        except Exception as error:
            self._error = error

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def join(self) -> None:
        """Wait for the end; fail the test if it came by an error."""
        self._joined = True
        self._thread.join()
        if self._error is not None:
            self._case.fail(f"error in a thread: {self._error!r}")

    def is_alive(self) -> bool:
        """Whether it still runs."""
        return self._thread.is_alive()

    def check_termination(self) -> None:
        """Fail the test if nobody waited for it."""
        if not self._joined:
            self._case.fail("a checked thread was not joined")


class TestCase(absltest.TestCase):
    """A test that has a graph of its own, seeded the same every time, and sessions.

    What it compares may be tensors: they are evaluated in the default session, or in that of `cached_session`.
    """

    def __init__(self, methodName: str = "runTest"):
        super().__init__(methodName)
        self._threads: list[CheckedThread] = []
        self._temp_dir: str | None = None
        self._cached: tuple[Session, tuple[Any, Any, bool]] | None = None

    def setUp(self) -> None:
        """Start from an empty default graph and known seeds."""
        super().setUp()
        self._close_cached_session()
        random.seed(DEFAULT_GRAPH_SEED)
        np.random.seed(DEFAULT_GRAPH_SEED)
        reset_default_graph()
        set_random_seed(DEFAULT_GRAPH_SEED)
        if self.id().endswith(".test_session"):  # a context manager that looks like a test
            self.skipTest("Not a test.")

    def tearDown(self) -> None:
        """Close the cached session; fail if a checked thread was left alone."""
        for thread in self._threads:
            thread.check_termination()
        self._close_cached_session()
        super().tearDown()

    def _close_cached_session(self) -> None:
        if self._cached is not None:
            self._cached[0].close()
            self._cached = None

    def get_temp_dir(self) -> str:
        """Return a folder of this test's own; it is removed when the program ends."""
        if self._temp_dir is None:
            self._temp_dir = tempfile.mkdtemp(dir=get_temp_dir())
        return self._temp_dir

    # Sessions

    @contextlib.contextmanager
    def session(
        self, graph: Graph | None = None, config: Any = None, use_gpu: bool = False, force_gpu: bool = False
    ) -> Iterator[Session]:
        """Give a new session; it and its graph are the defaults inside, on the CPU unless `use_gpu` or `force_gpu`."""
        with Session(graph=graph, config=config) as session, _on_device(session, use_gpu, force_gpu):
            yield session

    @contextlib.contextmanager
    def cached_session(
        self, graph: Graph | None = None, config: Any = None, use_gpu: bool = False, force_gpu: bool = False
    ) -> Iterator[Session]:
        """Give this test's own session, the same whenever it is asked for.

        Raises
        ------
        ValueError
            If the parameters are not what they were the first time.
        """
        with self._one_session(graph, config, use_gpu, force_gpu, strict=True) as session:
            yield session

    @contextlib.contextmanager
    def test_session(
        self, graph: Graph | None = None, config: Any = None, use_gpu: bool = False, force_gpu: bool = False
    ) -> Iterator[Session]:
        """Give this test's own session, or a new one for another graph."""
        if graph is None:
            inner = self._one_session(graph, config, use_gpu, force_gpu, strict=False)
        else:
            inner = self.session(graph, config, use_gpu, force_gpu)
        with inner as session:
            yield session

    @contextlib.contextmanager
    def _one_session(
        self, graph: Graph | None, config: Any, use_gpu: bool, force_gpu: bool, strict: bool
    ) -> Iterator[Session]:
        asked = (graph, config, force_gpu)
        if self._cached is None:
            self._cached = (Session(graph=graph, config=config), asked)
        session, before = self._cached
        if strict and any(now is not then for now, then in zip(asked, before)):
            raise ValueError("cached_session had another graph, config or force_gpu; self.session() makes a new one")
        with session.graph.as_default(), session.as_default(), _on_device(session, use_gpu, force_gpu):
            yield session

    def evaluate(self, tensors: Any) -> Any:
        """Return the values of tensors, in whatever structure they come."""
        session = get_default_session()
        if session is not None:
            return session.run(tensors)
        with self.test_session() as session:
            return session.run(tensors)

    def _array(self, value: Any) -> np.ndarray[Any, Any]:
        return np.asarray(self.evaluate(value) if isinstance(value, Tensor) else value)

    # Threads and streams

    def checkedThread(
        self, target: Callable[..., Any], args: Sequence[Any] | None = None, kwargs: Mapping[str, Any] | None = None
    ) -> CheckedThread:
        """Return a thread, not started yet, whose error fails this test when it is joined."""
        thread = CheckedThread(self, target, args or (), kwargs or {})
        self._threads.append(thread)
        return thread

    @contextlib.contextmanager
    def captureWritesToStream(self, stream: Any) -> Iterator[Any]:
        """Catch what is written to a stream such as `sys.stderr`, below Python too; `contents()` of it tells."""
        stream.flush()
        number = stream.fileno()
        saved = os.dup(number)
        with tempfile.NamedTemporaryFile(dir=self.get_temp_dir()) as file:
            os.dup2(file.fileno(), number)
            try:
                yield Captured(stream, file.name)
            finally:
                stream.flush()
                os.dup2(saved, number)
                os.close(saved)

    # Assertions: numbers

    def assertNear(self, f1: float, f2: float, err: float, msg: str | None = None) -> None:
        """Fail unless two numbers are at most `err` apart, or equal."""
        close = f1 == f2 or abs(f1 - f2) <= err
        self.assertTrue(close, f"{f1!r} and {f2!r} are more than {err!r} apart{_more(msg)}")

    def assertArrayNear(self, farray1: Any, farray2: Any, err: float, msg: str | None = None) -> None:
        """Fail unless two sequences are as long and each pair of numbers at most `err` apart."""
        self.assertEqual(len(farray1), len(farray2), msg)
        for f1, f2 in zip(farray1, farray2):
            self.assertNear(float(f1), float(f2), err, msg)

    def assertNDArrayNear(self, ndarray1: Any, ndarray2: Any, err: float, msg: str | None = None) -> None:
        """Fail unless the Euclidean distance of two arrays is less than `err`."""
        distance = np.linalg.norm(np.asarray(ndarray1) - np.asarray(ndarray2))
        self.assertTrue(distance < err, f"the arrays are {distance} apart, not less than {err}{_more(msg)}")

    def assertAllClose(self, a: Any, b: Any, rtol: float = 1e-6, atol: float = 1e-6, msg: str | None = None) -> None:
        """Fail unless two arrays, or two structures of arrays, are everywhere within `atol + rtol * abs(b)`.

        Raises
        ------
        ValueError
            If one is a dict and the other isn't, or sequences differ in length.
        """
        self._assert_close(a, b, rtol, atol, "", msg)

    def _assert_close(self, a: Any, b: Any, rtol: float, atol: float, path: str, msg: str | None) -> None:
        a, b = (value._asdict() if hasattr(value, "_asdict") else value for value in (a, b))
        if isinstance(a, Mapping) != isinstance(b, Mapping):
            raise ValueError(f"a{path} and b{path} cannot be compared: only one of them is a dict{_more(msg)}")
        if isinstance(a, Mapping):
            self.assertCountEqual(a.keys(), b.keys(), f"the keys of a{path} and b{path} differ{_more(msg)}")
            for key in a:
                self._assert_close(a[key], b[key], rtol, atol, f"{path}[{key!r}]", msg)
            return
        if isinstance(a, list | tuple):
            arrays = self._rectangular(a), self._rectangular(b)
            if arrays[0] is None or arrays[1] is None:
                if len(a) != len(b):
                    raise ValueError(f"a{path} has {len(a)} items, b{path} has {len(b)}{_more(msg)}")
                for i, (x, y) in enumerate(zip(a, b)):
                    self._assert_close(x, y, rtol, atol, f"{path}[{i}]", msg)
                return
            a, b = arrays
        a, b = self._array(a), self._array(b)
        self._assert_same_shape(a, b, f"a{path} and b{path}", msg)
        with np.errstate(invalid="ignore"):
            if not np.allclose(a, b, rtol, atol, equal_nan=True):
                bad = ~np.isclose(a, b, rtol, atol, equal_nan=True)
                self.fail(f"a{path} and b{path} are not close\n{_differences(a, b, bad)}{_more(msg)}")

    def _rectangular(self, value: Any) -> np.ndarray[Any, Any] | None:
        """Return a sequence as an array of numbers, None if it is ragged or holds other structures."""
        if any(isinstance(leaf, Mapping) for leaf in value if not isinstance(value, Mapping)):
            return None
        value = nest.map_structure(lambda leaf: self._array(leaf) if isinstance(leaf, Tensor) else leaf, value)
        try:
            array = np.asarray(value)
        except ValueError:
            return None
        return None if array.dtype == object else array

    def _assert_same_shape(self, a: Any, b: Any, what: str, msg: str | None) -> None:
        contents = f"; the second holds {b}" if b.ndim <= 3 or b.size < 500 else ""
        self.assertEqual(a.shape, b.shape, f"{what} have shapes {a.shape} and {b.shape}{contents}{_more(msg)}")

    def assertAllCloseAccordingToType(
        self,
        a: Any,
        b: Any,
        rtol: float = 1e-6,
        atol: float = 1e-6,
        float_rtol: float = 1e-6,
        float_atol: float = 1e-6,
        half_rtol: float = 1e-3,
        half_atol: float = 1e-3,
        bfloat16_rtol: float = 1e-2,
        bfloat16_atol: float = 1e-2,
        msg: str | None = None,
    ) -> None:
        """Fail unless two arrays are close, as closely as the less precise of their types allows."""
        a, b = self._array(a), self._array(b)
        looser = {
            np.dtype(np.float32): (float_rtol, float_atol),
            np.dtype(np.complex64): (float_rtol, float_atol),
            np.dtype(np.float16): (half_rtol, half_atol),
            np.dtype(dtypes.bfloat16.as_numpy_dtype): (bfloat16_rtol, bfloat16_atol),
        }
        for kind in (a.dtype, b.dtype):
            more = looser.get(kind, (0.0, 0.0))
            rtol, atol = max(rtol, more[0]), max(atol, more[1])
        a, b = (x.astype(np.float32) if x.dtype == dtypes.bfloat16.as_numpy_dtype else x for x in (a, b))
        self.assertAllClose(a, b, rtol, atol, msg)

    def assertNotAllClose(self, a: Any, b: Any, **kwargs: Any) -> None:
        """Fail if `assertAllClose` would not."""
        self._assert_fails(lambda: self.assertAllClose(a, b, **kwargs), "the values are close everywhere")

    def assertAllEqual(self, a: Any, b: Any, msg: str | None = None) -> None:
        """Fail unless two arrays have the same shape and the same values; NaN equals NaN."""
        a, b = self._array(a), self._array(b)
        self._assert_same_shape(a, b, "the arrays", msg)
        same = a == b
        if (a.dtype.kind in "fc" and b.dtype.kind in "fc") or a.dtype == dtypes.bfloat16.as_numpy_dtype:
            same = same | (np.isnan(a) & np.isnan(b))
        if not np.all(same):
            self.fail(f"the arrays are not equal\n{_differences(a, b, ~np.asarray(same))}{_more(msg)}")

    def assertNotAllEqual(self, a: Any, b: Any, msg: str | None = None) -> None:
        """Fail if `assertAllEqual` would not."""
        self._assert_fails(lambda: self.assertAllEqual(a, b), f"the values are equal everywhere{_more(msg)}")

    def _assert_fails(self, assertion: Callable[[], None], text: str) -> None:
        try:
            assertion()
        except AssertionError:
            return
        self.fail(text)

    def assertAllGreater(self, a: Any, comparison_target: Any) -> None:
        """Fail unless every value is greater than the target."""
        self.assertGreater(self._array(a).min(), comparison_target)

    def assertAllLess(self, a: Any, comparison_target: Any) -> None:
        """Fail unless every value is less than the target."""
        self.assertLess(self._array(a).max(), comparison_target)

    def assertAllGreaterEqual(self, a: Any, comparison_target: Any) -> None:
        """Fail unless every value is the target or greater."""
        self.assertGreaterEqual(self._array(a).min(), comparison_target)

    def assertAllLessEqual(self, a: Any, comparison_target: Any) -> None:
        """Fail unless every value is the target or less."""
        self.assertLessEqual(self._array(a).max(), comparison_target)

    def assertAllInRange(
        self,
        target: Any,
        lower_bound: Any,
        upper_bound: Any,
        open_lower_bound: bool = False,
        open_upper_bound: bool = False,
    ) -> None:
        """Fail unless every value is a number in the range; its ends belong to it unless they are `open`."""
        target = self._array(target)
        if target.dtype.kind not in "iuf":
            self.fail(f"values of type {target.dtype} have no order")
        above = target > lower_bound if open_lower_bound else target >= lower_bound
        below = target < upper_bound if open_upper_bound else target <= upper_bound
        outside = target[~(above & below)]
        ends = f"{'(' if open_lower_bound else '['}{lower_bound}, {upper_bound}{')' if open_upper_bound else ']'}"
        self.assertEqual(outside.size, 0, f"{outside.size} of {target.size} are outside {ends}: {outside[:10]}")

    def assertAllInSet(self, target: Any, expected_set: Any) -> None:
        """Fail unless every value is one of the set."""
        others = np.setdiff1d(self._array(target), list(expected_set))
        self.assertEqual(others.size, 0, f"not in {expected_set}: {others}")

    def assertDTypeEqual(self, target: Any, expected_dtype: Any) -> None:
        """Fail unless the array has this type."""
        self.assertEqual(self._array(target).dtype, expected_dtype)

    def assertShapeEqual(self, np_array: Any, tf_tensor: Any, msg: str | None = None) -> None:
        """Fail unless a tensor's static shape is that of an array. TypeError for anything else."""
        if not isinstance(np_array, np.ndarray | np.generic) or not isinstance(tf_tensor, Tensor):
            raise TypeError(f"expected a NumPy array and a tensor, got {np_array!r} and {tf_tensor!r}")
        self.assertAllEqual(np_array.shape, tf_tensor.get_shape().as_list(), msg=msg)

    def assertDeviceEqual(self, device1: Any, device2: Any, msg: str | None = None) -> None:
        """Fail unless two names mean the same device."""
        one, other = device.canonical_name(device1), device.canonical_name(device2)
        self.assertEqual(one, other, f"{one} and {other} are different devices{_more(msg)}")

    # Assertions: errors and messages

    @contextlib.contextmanager
    def assertRaisesWithPredicateMatch(  # type: ignore[override]
        self, exception_type: Any, expected_err_re_or_predicate: Any
    ) -> Iterator[None]:
        """Fail unless what is inside raises such an error, with a text that matches, or that the predicate accepts."""

        def fits(error: Exception) -> bool:
            if callable(expected_err_re_or_predicate):
                return bool(expected_err_re_or_predicate(error))
            return re.search(expected_err_re_or_predicate, _text_of(error)) is not None

        try:
            yield
        except Exception as error:
            if not isinstance(error, exception_type) or not fits(error):
                raise AssertionError(f"not the error expected: {type(error).__name__}: {error}") from error
        else:
            self.fail(f"{exception_type} was not raised")

    def assertRaisesOpError(self, expected_err_re_or_predicate: Any) -> Any:
        """Fail unless what is inside raises an `OpError` with such a text."""
        return self.assertRaisesWithPredicateMatch(errors.OpError, expected_err_re_or_predicate)

    def assertProtoEquals(self, expected_message_maybe_ascii: Any, message: Any, msg: str | None = None) -> None:
        """Fail unless a protobuf message equals another, or its text."""
        expected = expected_message_maybe_ascii
        if isinstance(expected, str | bytes):
            expected = text_format.Parse(as_str_any(expected), type(message)())
        self.assertMultiLineEqual(_proto_text(expected), _proto_text(message), msg)

    def assertProtoEqualsVersion(
        self,
        expected: str,
        actual: Any,
        producer: int | None = None,
        min_consumer: int = GRAPH_DEF_VERSION_MIN_CONSUMER,
        msg: str | None = None,
    ) -> None:
        """Fail unless a GraphDef equals the text with these versions put behind."""
        producer = actual.versions.producer if producer is None else producer
        versions = f"versions {{ producer: {producer} min_consumer: {min_consumer} }}"
        self.assertProtoEquals(f"{expected} {versions}", actual, msg)

    def assertStartsWith(self, actual: Any, expected_start: str, msg: str | None = None) -> None:
        """Fail unless a text starts so."""
        self.assertTrue(actual.startswith(expected_start), msg or f"{actual!r} does not start with {expected_start!r}")


def _more(msg: str | None) -> str:
    return f"\n{msg}" if msg else ""


def _differences(a: Any, b: Any, where: Any) -> str:
    """Return lines that show the places and values where two arrays differ."""
    if not a.ndim:
        return f"first: {a}\nsecond: {b}"
    places = [tuple(int(i) for i in place) for place in np.argwhere(where)[:10]]
    lines = [f"{np.count_nonzero(where)} of {a.size} differ, {a.dtype} and {b.dtype}:"]
    return "\n".join([*lines, *(f"  {list(place)}: {a[place]} and {b[place]}" for place in places)])


def _proto_text(proto: message.Message) -> str:
    return text_format.MessageToString(proto, use_index_order=True)


def _text_of(error: Exception) -> str:
    """Return the message of an error, with the name of the op it came from."""
    if not isinstance(error, errors.OpError):
        return str(error)
    return f"{error.message}\nCaused by: {error.op.name}" if error.op is not None else error.message


@contextlib.contextmanager
def _on_device(session: Session, use_gpu: bool, force_gpu: bool) -> Iterator[None]:
    if force_gpu:
        with session.graph.device(gpu_device_name() or "/device:GPU:0"):
            yield
    elif use_gpu:
        yield
    else:
        with session.graph.device("/device:CPU:0"):
            yield


# Old names that scripts of TensorFlow 1's age use and that later Pythons have dropped.
for _old, _new in {
    "assertAlmostEquals": "assertAlmostEqual", "assertEquals": "assertEqual", "assertItemsEqual": "assertCountEqual",
    "assertNotAlmostEquals": "assertNotAlmostEqual", "assertNotEquals": "assertNotEqual",
    "assertNotRegexpMatches": "assertNotRegex", "assertRaisesRegexp": "assertRaisesRegex",
    "assertRegexpMatches": "assertRegex", "assert_": "assertTrue", "failIf": "assertFalse",
    "failIfAlmostEqual": "assertNotAlmostEqual", "failIfEqual": "assertNotEqual", "failUnless": "assertTrue",
    "failUnlessAlmostEqual": "assertAlmostEqual", "failUnlessEqual": "assertEqual", "failUnlessRaises": "assertRaises",
}.items():  # fmt: skip
    if not hasattr(TestCase, _old):
        setattr(TestCase, _old, getattr(TestCase, _new))
