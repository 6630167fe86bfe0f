"""Variables and what makes them."""

from defrun.variables import scope as scope  # it says what `Variable` makes
