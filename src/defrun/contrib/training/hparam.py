"""Hyperparameters: named values of fixed types, that text such as a flag's can change."""

from __future__ import annotations

import json
import numbers
import re
from typing import Any, NoReturn

_ASSIGNMENT = re.compile(
    r"""
    (?P<name>[a-zA-Z][\w.]*) \s*
    (?: \[ \s* (?P<index>\d+) \s* \] )? \s* = \s*
    (?: \[ (?P<list>[^\]]*) \] | (?P<value>[^,\[]*) )
    (?: $ | , \s* )
    """,
    re.VERBOSE,
)


def parse_values(values: str, type_map: dict[str, type], ignore_unknown: bool = False) -> dict[str, Any]:
    """Read assignments.

    Parameters
    ----------
    values : str
        Such as ``"rate=0.1,layers=[64,32],names[1]=b"``.
    type_map : dict of str to type
        What each value is read as.
    ignore_unknown : bool
        Skip names that `type_map` lacks, rather than refuse them.

    Returns
    -------
    dict
        Values; lists; and for names with an index, ``{index: value}``.

    Raises
    ------
    ValueError
        If the text is malformed, a value is not of its type, or a name is unknown or assigned twice.
    """
    found: dict[str, Any] = {}
    position = 0
    while position < len(values):
        match = _ASSIGNMENT.match(values, position)
        if not match:
            raise ValueError(f"Malformed hyperparameter value: {values[position:]}")
        position = match.end()
        if match["name"] in type_map:
            _assign(found, match, type_map[match["name"]], values)
        elif not ignore_unknown:
            raise ValueError(f"Unknown hyperparameter type for {match['name']}")
    return found


def _assign(found: dict[str, Any], match: re.Match[str], kind: type, values: str) -> None:
    name, index = match["name"], match["index"]

    def read(text: str, whole: str) -> Any:
        try:
            return _boolean(text) if kind is bool else kind(text)
        except ValueError:
            shown = f"'{whole}' in {values}"
            raise ValueError(f"Could not parse hparam '{name}' of type '{kind.__name__}' with value {shown}") from None

    if match["list"] is not None:
        if index is not None:
            raise ValueError("Assignment of a list to a list index.")
        if name in found:
            _twice(name, values)
        found[name] = [read(text, match["list"]) for text in re.split("[ ,]", match["list"]) if text]
        return
    value = read(match["value"], match["value"])
    if index is None:
        if name in found:
            _twice(name, values)
        found[name] = value
        return
    members = found.setdefault(name, {})
    if not isinstance(members, dict) or int(index) in members:
        _twice(f"{name}[{index}]", values)
    members[int(index)] = value


def _boolean(text: str) -> bool:
    return text in ("true", "True") or (text not in ("false", "False") and bool(int(text)))


def _twice(name: str, values: str) -> NoReturn:
    raise ValueError(f"Multiple assignments to variable '{name}' in {values}")


class HParams:
    """Hyperparameters, each an attribute. Their types stay what they were at first.

    Parameters
    ----------
    hparam_def, model_structure : optional
        A message is not understood; the second is only kept.
    **kwargs
        Names and values: numbers, booleans, text, or lists of these.

    Raises
    ------
    ValueError
        If a name is taken, or a list empty.

    Examples
    --------
    >>> hparams = tf.contrib.training.HParams(learning_rate=0.1, layers=[64, 32])
    >>> hparams.parse("learning_rate=0.01").learning_rate
    0.01
    """

    _HAS_DYNAMIC_ATTRIBUTES = True  # for type checkers that know of it

    def __init__(self, hparam_def: Any = None, model_structure: Any = None, **kwargs: Any) -> None:
        self._hparam_types: dict[str, tuple[type, bool]] = {}
        self._model_structure = model_structure
        if hparam_def:
            raise NotImplementedError("defrun's tf.contrib.training.HParams can't read a HParamDef message yet")
        for name, value in kwargs.items():
            self.add_hparam(name, value)

    def add_hparam(self, name: str, value: Any) -> None:
        """Add a parameter.

        Raises
        ------
        ValueError
            If there is such an attribute, or `value` is an empty list.
        """
        if getattr(self, name, None) is not None:
            raise ValueError(f"Hyperparameter name is reserved: {name}")
        many = isinstance(value, (list, tuple))
        if many and not value:
            raise ValueError(f"Multi-valued hyperparameters cannot be empty: {name}")
        self._hparam_types[name] = (type(value[0] if many else value), many)
        setattr(self, name, value)

    def set_hparam(self, name: str, value: Any) -> None:
        """Change a parameter.

        Raises
        ------
        ValueError
            If `value` is a list where the parameter is none, or the other way round, or of another type.
        KeyError
            If there is no such parameter.
        """
        kind, many = self._hparam_types[name]
        if isinstance(value, list) != many:
            problem = "a list for a single-valued" if not many else "one value for a multi-valued"
            raise ValueError(f"Must not pass {problem} parameter: {name}")
        setattr(self, name, [_of_type(name, kind, one) for one in value] if many else _of_type(name, kind, value))

    def del_hparam(self, name: str) -> None:
        """Remove a parameter, if it is there."""
        if hasattr(self, name):
            delattr(self, name)
            del self._hparam_types[name]

    def parse(self, values: str) -> HParams:
        """Change parameters by text, see `parse_values`; return this.

        Raises
        ------
        ValueError
            If the text is malformed, or a name or type does not fit.
        """
        return self.override_from_dict(parse_values(values, {n: kind for n, (kind, _) in self._hparam_types.items()}))

    def override_from_dict(self, values_dict: dict[str, Any]) -> HParams:
        """Change parameters; return this."""
        for name, value in values_dict.items():
            self.set_hparam(name, value)
        return self

    def set_from_map(self, values_map: dict[str, Any]) -> HParams:
        """The old name of `override_from_dict`."""
        return self.override_from_dict(values_map)

    def set_model_structure(self, model_structure: Any) -> None:
        """Keep something beside the parameters."""
        self._model_structure = model_structure

    def get_model_structure(self) -> Any:
        """Return what `set_model_structure` kept."""
        return self._model_structure

    def to_json(self, indent: Any = None, separators: Any = None, sort_keys: bool = False) -> str:
        """Return names and values as JSON."""
        return json.dumps(self.values(), indent=indent, separators=separators, sort_keys=sort_keys)

    def parse_json(self, values_json: str) -> HParams:
        """Change parameters to those in a JSON object; return this."""
        return self.override_from_dict(json.loads(values_json))

    def values(self) -> dict[str, Any]:
        """Return {name: value}."""
        return {name: getattr(self, name) for name in self._hparam_types}

    def get(self, key: str, default: Any = None) -> Any:
        """Return a parameter, or `default` if it is not there.

        Raises
        ------
        ValueError
            If the parameter is there and `default` is not of its type.
        """
        if key not in self._hparam_types:
            return default
        kind, many = self._hparam_types[key]
        if default is not None:
            if isinstance(default, list) != many:
                raise ValueError(f"default={default} does not fit '{key}', which is {'' if many else 'no '}list")
            for one in default if many else [default]:
                _of_type(key, kind, one)
        return getattr(self, key)

    def to_proto(self, export_scope: str | None = None) -> NoReturn:
        """Not there yet: the message HParamDef."""
        raise NotImplementedError("defrun's tf.contrib.training.HParams can't make a HParamDef message yet")

    def __contains__(self, key: str) -> bool:
        return key in self._hparam_types

    def __str__(self) -> str:
        return ",".join(f"{name}={value}" for name, value in self.values().items())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({sorted(self.values().items())})"


def _of_type(name: str, kind: type, value: Any) -> Any:
    """Return `value` as `kind`, where nothing is lost; parameters that were None take anything."""
    if type(value) is kind or kind is type(None):
        return value
    needed = [wanted for wanted in ((str, bytes), numbers.Integral, numbers.Number) if issubclass(kind, wanted)]
    if issubclass(kind, bool) != isinstance(value, bool) or not all(isinstance(value, wanted) for wanted in needed):
        raise ValueError(f"Could not cast hparam '{name}' of type '{kind}' from value {value!r}")
    return kind(value)
