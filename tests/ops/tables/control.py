"""Ops of control flow, and others that have no samples of their own."""

from tests.ops.sample import same

NOT_CHECKED = {
    **same("_AddToRow _OnlyRow _StackRow", "stands only in the gradients of loops, which have tests of their own"),
    **same("Case If StatelessIf While StatelessWhile _Map", "its body runs graphs of the user's"),
    "_Nothing": "stands only in imported functions, for what nobody asks for",
    "Placeholder": "has no value until fed",
    **same("Variable VariableV2", "the session keeps its value"),
    **same("PyFunc PyFuncStateless", "its body is a Python function of the user's"),
}
