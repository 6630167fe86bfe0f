"""The op room: each op whole in one place, in one file per family."""

from defrun.ops import operators as operators  # tensors have their operators as soon as there is any op
from defrun.ops import slicing as slicing
