"""The op room: each op whole in one place, in one file per family."""

# Tensors have their operators, and all that turns into tensors does so, as soon as there is any op.
from defrun.ops import operators as operators
from defrun.ops import slices as slices
from defrun.ops import slicing as slicing
from defrun.ops.sparse import values as values
