"""Errors say what went wrong, in which operation, and where the user made it."""

import inspect
import pickle
import types

import pytest

from defrun.base import errors

CLASSES = [errors.exception_type_from_error_code(code) for code in range(1, 17)]
OP = types.SimpleNamespace(
    name="layer/MatMul", type="MatMul", user_frame=("train.py", 12, "build", "  y = tf.matmul(x, w)\n")
)


def test_every_class_is_reachable_by_its_number():
    named = {cls for _, cls in inspect.getmembers(errors, inspect.isclass) if issubclass(cls, errors.OpError)}
    assert named - {errors.OpError} == set(CLASSES)
    assert [errors.error_code_from_exception_type(cls) for cls in CLASSES] == list(range(1, 17))


def test_the_tree_names_every_class_with_its_number():
    for cls in CLASSES:
        (line,) = (line for line in errors.__doc__.splitlines() if f"─ {cls.__name__} " in line)
        assert str(errors.error_code_from_exception_type(cls)) in line.split()


def test_text_leads_to_the_users_line():
    error = errors.InvalidArgumentError(None, OP, "inner dimensions 2 and 3 differ")
    assert str(error).splitlines() == [
        "inner dimensions 2 and 3 differ",
        "  op: 'layer/MatMul' (MatMul)",
        '  defined at: File "train.py", line 12, in build',
        "    y = tf.matmul(x, w)",
    ]
    assert error.message == "inner dimensions 2 and 3 differ"
    assert error.op is OP


def test_text_without_a_place():
    assert (
        str(errors.InternalError(None, types.SimpleNamespace(name="a", type="NoOp"), "why")) == "why\n  op: 'a' (NoOp)"
    )
    assert str(errors.InternalError(None, None, "why")) == "why"
    assert repr(errors.InternalError(None, OP, "why")) == "InternalError('why')"


@pytest.mark.parametrize("error", [cls(None, OP, "why") for cls in CLASSES] + [errors.OpError(None, OP, "why", 77)])
def test_errors_travel_between_processes(error):
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is type(error)
    assert (str(copy), copy.error_code) == (str(error), error.error_code)


def test_make_error():
    assert type(errors.make_error(None, None, "why", errors.NOT_FOUND)) is errors.NotFoundError
    unheard = errors.make_error(None, None, "why", 99)
    assert (type(unheard), unheard.error_code) == (errors.UnknownError, 99)
