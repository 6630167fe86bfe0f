"""Ops of control flow, and others that have no samples of their own."""

from tests.ops.sample import same

NOT_CHECKED = {
    **same("If StatelessIf While StatelessWhile _Map", "its body runs graphs of the user's"),
    "Placeholder": "has no value until fed",
    **same("Variable VariableV2", "the session keeps its value"),
    **same("PyFunc PyFuncStateless", "its body is a Python function of the user's"),
}
