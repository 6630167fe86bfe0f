"""An accelerator gives the answers of a CPU: the same cases, on the device that JAX chooses (`make test-gpu`)."""

import jax
import pytest

pytestmark = pytest.mark.gpu

if jax.default_backend() == "cpu":

    @pytest.mark.skip(reason="JAX finds no accelerator here")
    def test_an_accelerator_gives_the_same_answers():
        """Stands for the tests below."""

else:
    from tests.ops.test_conformance import (  # noqa: F401
        test_gradients_are_those_of_the_body,
        test_shapes_and_types_are_those_of_the_body,
    )
    from tests.ops.test_random import test_runs_of_a_session_are_tensorflows  # noqa: F401
    from tests.ops.test_values import test_values_are_tensorflows  # noqa: F401
    from tests.session.test_oracle import test_answers_as_tensorflow_does  # noqa: F401


@pytest.fixture(autouse=True)
def full_precision():
    """Have products of float32 matrices computed in float32: TensorFlow 1 knew no other."""
    with jax.default_matmul_precision("highest"):
        yield
