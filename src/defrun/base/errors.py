"""What can go wrong when a graph runs.

    Exception
     └─ OpError                        any failure of an operation
         ├─ CancelledError             1   stopped on request
         ├─ UnknownError               2   a failure that says nothing more, such as an exception in a `py_func`
         ├─ InvalidArgumentError       3   a value that the operation cannot take: a shape, an index, a NaN
         ├─ DeadlineExceededError      4   not done in the time allowed
         ├─ NotFoundError              5   a file, a variable in a checkpoint, ... that is not there
         ├─ AlreadyExistsError         6   what was to be made is there already
         ├─ PermissionDeniedError      7   not allowed to whoever asks
         ├─ ResourceExhaustedError     8   out of memory, disk or another supply
         ├─ FailedPreconditionError    9   not ready, such as a variable that was never initialized
         ├─ AbortedError              10   given up because of something at the same time
         ├─ OutOfRangeError           11   past the end: a data set is read through, a queue is closed and empty
         ├─ UnimplementedError        12   not available
         ├─ InternalError             13   a fault of the system's own
         ├─ UnavailableError          14   not there at the moment; trying again may help
         ├─ DataLossError             15   data that is damaged
         └─ UnauthenticatedError      16   nobody knows who asks

Not a failure of an operation, but raised by tensors while a graph is defined:

    ValueError ── InaccessibleTensorError           a tensor of another function's graph
    TypeError  ── OperatorNotAllowedInGraphError    a tensor used as a bool or iterated over
"""

from __future__ import annotations

from typing import Any

OK = 0
CANCELLED = 1
UNKNOWN = 2
INVALID_ARGUMENT = 3
DEADLINE_EXCEEDED = 4
NOT_FOUND = 5
ALREADY_EXISTS = 6
PERMISSION_DENIED = 7
RESOURCE_EXHAUSTED = 8
FAILED_PRECONDITION = 9
ABORTED = 10
OUT_OF_RANGE = 11
UNIMPLEMENTED = 12
INTERNAL = 13
UNAVAILABLE = 14
DATA_LOSS = 15
UNAUTHENTICATED = 16


class OpError(Exception):
    """An operation failed while the graph ran.

    Parameters
    ----------
    node_def : NodeDef or None
        The operation as the graph's protobuf has it.
    op : Operation or None
        The operation, for its `name`, its `type` and, where it has one, its `user_frame`: the (file, line, function,
        text) of the user's code that made it.
    message : str
    error_code : int, optional
        One of this module's constants; by default the class's own.
    """

    _code = UNKNOWN

    def __init__(self, node_def: Any, op: Any, message: str, error_code: int | None = None):
        super().__init__()
        self._node_def = node_def
        self._op = op
        self._message = message
        self._error_code = self._code if error_code is None else error_code

    @property
    def message(self) -> str:
        """What went wrong, without the op and its place."""
        return self._message

    @property
    def op(self) -> Any:
        """The operation that failed, or None."""
        return self._op

    @property
    def node_def(self) -> Any:
        """The protobuf of the operation that failed, or None."""
        return self._node_def

    @property
    def error_code(self) -> int:
        """The number of this class of errors."""
        return self._error_code

    def __str__(self) -> str:
        return "\n".join([str(self._message), *_where(self._op)])

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._message!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        # An operation belongs to its graph and cannot travel; its place does, as part of the message.
        return type(self), (self._node_def, None, str(self), self._error_code)


def _where(op: Any) -> list[str]:
    """Lines that lead the user from the error to the code that made the operation."""
    name = getattr(op, "name", None)
    if name is None:
        return []
    lines = [f"  op: {name!r} ({op.type})" if getattr(op, "type", None) else f"  op: {name!r}"]
    frame = getattr(op, "user_frame", None)
    if frame:
        file, line, function, text = frame
        lines.append(f'  defined at: File "{file}", line {line}, in {function}')
        if text:
            lines.append(f"    {text.strip()}")
    return lines


class CancelledError(OpError):
    """The run was stopped on request."""

    _code = CANCELLED


class UnknownError(OpError):
    """A failure that says nothing more, such as an exception in a `py_func`."""

    _code = UNKNOWN


class InvalidArgumentError(OpError):
    """An operation met a value that it cannot take."""

    _code = INVALID_ARGUMENT


class DeadlineExceededError(OpError):
    """An operation did not end in the time allowed."""

    _code = DEADLINE_EXCEEDED


class NotFoundError(OpError):
    """Something asked for, such as a file, is not there."""

    _code = NOT_FOUND


class AlreadyExistsError(OpError):
    """Something that was to be made is there already."""

    _code = ALREADY_EXISTS


class PermissionDeniedError(OpError):
    """Whoever asks may not do this."""

    _code = PERMISSION_DENIED


class ResourceExhaustedError(OpError):
    """Memory, disk or another supply is used up."""

    _code = RESOURCE_EXHAUSTED


class FailedPreconditionError(OpError):
    """Something is not ready, such as a variable that was never initialized."""

    _code = FAILED_PRECONDITION


class AbortedError(OpError):
    """An operation was given up because of something at the same time."""

    _code = ABORTED


class OutOfRangeError(OpError):
    """An operation went past the end, such as the end of a data set."""

    _code = OUT_OF_RANGE


class UnimplementedError(OpError):
    """An operation is not available for what it was given."""

    _code = UNIMPLEMENTED


class InternalError(OpError):
    """The system broke a promise of its own."""

    _code = INTERNAL


class UnavailableError(OpError):
    """Something is not there at the moment; trying again may help."""

    _code = UNAVAILABLE


class DataLossError(OpError):
    """Data is lost or damaged."""

    _code = DATA_LOSS


class UnauthenticatedError(OpError):
    """Nobody knows who asks."""

    _code = UNAUTHENTICATED


class InaccessibleTensorError(ValueError):
    """A tensor belongs to another function's graph."""


class OperatorNotAllowedInGraphError(TypeError):
    """A tensor was used as a bool or iterated over: its value is not known until the graph runs."""


_CLASSES = {cls._code: cls for cls in OpError.__subclasses__()}


def exception_type_from_error_code(error_code: int) -> type[OpError]:
    """The class of errors with this number. KeyError if there is none."""
    return _CLASSES[error_code]


def error_code_from_exception_type(cls: type[OpError]) -> int:
    """The number of a class of errors. KeyError if it has none."""
    if cls not in _CLASSES.values():
        raise KeyError(cls)
    return cls._code


def make_error(node_def: Any, op: Any, message: str, error_code: int) -> OpError:
    """An error of the class with this number, `UnknownError` if there is none."""
    return _CLASSES.get(error_code, UnknownError)(node_def, op, message, error_code)
