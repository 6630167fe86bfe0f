"""Flags of the command line: `tf.flags`, which is absl's, parsed on first use.

TensorFlow 1.15 hands out absl's flags with two habits of its own: reading a flag before anything parsed the command
line parses it then, and the oldest names of the parameters of `DEFINE_*` still work.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import Any

from absl import flags as _absl
from absl import logging as _absl_logging
from absl.flags import *  # noqa: F403  (the interface is absl's own list of names)
from absl.flags import disclaim_key_flags

from defrun.base import decorators as tf_decorator  # noqa: F401  (TensorFlow's has it, and scripts find it)
from defrun.base import logging

disclaim_key_flags()  # a flag belongs to the module that calls `DEFINE_*`, not to this one

for _flag in _absl.FLAGS.get_flags_for_module(_absl_logging.__name__):
    _flag.allow_override = True  # scripts from before TensorFlow took up absl define a `log_dir` of their own

_OLD_PARAMETERS = {"flag_name": "name", "default_value": "default", "docstring": "help"}


def _takes_old_parameters(define: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(define)
    def with_old_parameters(*args: Any, **kwargs: Any) -> Any:
        if kwargs.keys() & _OLD_PARAMETERS.keys():
            logging.warning("flag_name, default_value and docstring are now called name, default and help")
        return define(*args, **{_OLD_PARAMETERS.get(name, name): value for name, value in kwargs.items()})

    return with_old_parameters


DEFINE_string = _takes_old_parameters(_absl.DEFINE_string)
DEFINE_boolean = _takes_old_parameters(_absl.DEFINE_boolean)
DEFINE_bool = DEFINE_boolean
DEFINE_float = _takes_old_parameters(_absl.DEFINE_float)
DEFINE_integer = _takes_old_parameters(_absl.DEFINE_integer)


class _ParsedOnUse:
    """absl's flags, parsed from `sys.argv` when a flag is first read and nothing else has parsed them."""

    def __init__(self, values: _absl.FlagValues):
        object.__setattr__(self, "_values", values)

    def __getattr__(self, name: str) -> Any:
        values = self.__dict__["_values"]
        if not (values.is_parsed() or hasattr(type(values), name) or name.startswith("__")):
            values(sys.argv)
        return getattr(values, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._values, name, value)

    def __delattr__(self, name: str) -> None:
        delattr(self._values, name)

    def __call__(self, argv: Any, known_only: bool = False) -> list[str]:
        """Parse a command line; return what is left of it."""
        return self._values(argv, known_only)

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __setitem__(self, name: str, flag: Any) -> None:
        self._values[name] = flag

    def __contains__(self, name: object) -> bool:
        return name in self._values

    def __iter__(self) -> Any:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __dir__(self) -> list[str]:
        return dir(self._values)

    def __str__(self) -> str:
        return str(self._values)


FLAGS = _ParsedOnUse(_absl.FLAGS)  # type: ignore[assignment]
