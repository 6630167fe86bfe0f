"""Arrays and stacks that live for one run: they are no values, so there are no samples of them."""

from tests.ops.sample import same

_ARRAYS = "Concat Gather Read Scatter Size Split Write"
NOT_CHECKED = same(
    " ".join(f"TensorArray{name}V3" for name in _ARRAYS.split()) + " StackPopV2 StackPushV2",
    "works on what lives for one run: see tests/oracle/values/tensor_array.py",
)
