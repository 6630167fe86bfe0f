"""Ops of control flow, and others that have no samples of their own."""

import numpy as np

from tests.ops.sample import Sample, same, x

SAMPLES = {
    "_AddToRow": Sample(x(3, 2), np.int32(1), x(2)),
    "_OnlyRow": Sample(x(3, 2), np.int32(1), x(2)),
    "_StackRow": Sample(x(3, 2), np.int32(1)),
}

NOT_CHECKED = {
    **same("Case If StatelessIf While StatelessWhile _Map", "its body runs graphs of the user's"),
    "Placeholder": "has no value until fed",
    **same("Variable VariableV2", "the session keeps its value"),
    **same("PyFunc PyFuncStateless", "its body is a Python function of the user's"),
}
