"""Nested structures: lists, tuples, named tuples and dicts in one another, and what sits at their leaves.

Dicts are walked in the order of their sorted keys, so equal dicts flatten alike however they were filled. Strings,
arrays and tensors are leaves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, MappingView, Sequence
from functools import lru_cache
from typing import Any

Path = tuple[Any, ...]


@lru_cache(maxsize=4096)
def _nests(cls: type) -> bool:
    """Whether objects of a class have parts; asked of the class, so that the answer can be kept."""
    return issubclass(cls, Mapping | MappingView) or (issubclass(cls, Sequence) and not issubclass(cls, str | bytes))


def is_sequence(structure: Any) -> bool:
    """Whether `structure` has parts: a sequence that is no string, or a mapping. A set has no order and is a leaf."""
    return _nests(structure.__class__)


is_nested = is_sequence


def is_namedtuple(structure: Any) -> bool:
    """Whether `structure` is a tuple with named fields."""
    fields = getattr(structure, "_fields", None)
    return isinstance(structure, tuple) and isinstance(fields, tuple) and all(isinstance(f, str) for f in fields)


def _sorted_keys(mapping: Mapping[Any, Any]) -> list[Any]:
    try:
        return sorted(mapping)
    except TypeError:
        raise TypeError(f"the keys of a dict must have an order among them, got {list(mapping)}") from None


def _items(structure: Any) -> list[tuple[Any, Any]]:
    """The parts with their keys: a dict's keys, a named tuple's fields, otherwise positions."""
    if isinstance(structure, Mapping):
        return [(key, structure[key]) for key in _sorted_keys(structure)]
    if is_namedtuple(structure):
        return list(zip(structure._fields, structure))
    return list(enumerate(structure))


def _parts(structure: Any) -> Any:
    """The parts without their keys."""
    if isinstance(structure, Mapping):
        return [structure[key] for key in _sorted_keys(structure)]
    return structure


def _rebuild(like: Any, parts: list[Any]) -> Any:
    """A structure of the type of `like` with other parts."""
    if isinstance(like, Mapping):
        by_key = dict(zip(_sorted_keys(like), parts))
        in_order = {key: by_key[key] for key in like}
        if isinstance(like, defaultdict):
            return type(like)(like.default_factory, in_order)
        return in_order if type(like) is dict else type(like)(in_order.items())  # type: ignore[call-arg]
    if is_namedtuple(like):
        return type(like)(*parts)
    if isinstance(like, MappingView | range):
        return parts
    return type(like)(parts)


def flatten(structure: Any) -> list[Any]:
    """The leaves of `structure` in order; a leaf alone gives a list of itself.

    Raises
    ------
    TypeError
        If the keys of a dict cannot be sorted.
    """
    leaves: list[Any] = []
    _collect(structure, leaves)
    return leaves


def _collect(structure: Any, leaves: list[Any]) -> None:
    if _nests(structure.__class__):
        for part in _parts(structure):
            _collect(part, leaves)
    else:
        leaves.append(structure)


def pack_sequence_as(structure: Any, flat_sequence: Any) -> Any:
    """The reverse of `flatten`: a structure like `structure` with the leaves `flat_sequence`.

    Raises
    ------
    TypeError
        If `flat_sequence` is no sequence, or the keys of a dict cannot be sorted.
    ValueError
        If the number of leaves differs.
    """
    if not isinstance(flat_sequence, Sequence) or isinstance(flat_sequence, str | bytes):
        raise TypeError(f"flat_sequence must be a sequence, got {flat_sequence!r}")
    leaves = list(flat_sequence)
    wanted = len(flatten(structure))
    if wanted != len(leaves):
        raise ValueError(f"a structure with {wanted} leaves cannot take {len(leaves)}: {structure!r}, {leaves!r}")
    return _pack(structure, iter(leaves))


def _pack(structure: Any, leaves: Iterator[Any]) -> Any:
    if not is_sequence(structure):
        return next(leaves)
    return _rebuild(structure, [_pack(part, leaves) for part in _parts(structure)])


def map_structure(func: Callable[..., Any], *structure: Any, check_types: bool = True) -> Any:
    """Apply `func` to the leaves that stand at the same place of each structure.

    Parameters
    ----------
    func : callable
        Takes one leaf of each structure.
    structure : nested structures
        All nested in the same way; the result is like the first.
    check_types : bool
        Whether the types of the structures and the keys of dicts must agree too.

    Raises
    ------
    TypeError, ValueError
        If `func` is not callable, no structure is given or they differ.
    """
    if not callable(func):
        raise TypeError(f"func must be callable, got {func!r}")
    if not structure:
        raise ValueError("at least one structure is needed")
    for other in structure[1:]:
        assert_same_structure(structure[0], other, check_types=check_types)
    return pack_sequence_as(structure[0], [func(*leaves) for leaves in zip(*map(flatten, structure))])


def assert_same_structure(nest1: Any, nest2: Any, check_types: bool = True) -> None:
    """Check that two structures are nested in the same way.

    Parameters
    ----------
    nest1, nest2 : nested structures
    check_types : bool
        Whether a list differs from a tuple, and a dict from one with other keys. Named tuples with the same name and
        fields are the same, and so are all kinds of mappings.

    Raises
    ------
    ValueError
        If they are nested differently or have different keys.
    TypeError
        If the types differ.
    """
    try:
        _assert_same(nest1, nest2, check_types)
    except (TypeError, ValueError) as error:
        raise type(error)(f"{error}\nfirst structure: {_outline(nest1)}\nsecond structure: {_outline(nest2)}") from None


def _assert_same(a: Any, b: Any, check_types: bool) -> None:
    if is_sequence(a) != is_sequence(b):
        raise ValueError(f"the structures differ: one has parts where the other has none, {a!r} and {b!r}")
    if not is_sequence(a):
        return
    if check_types:
        _check_types(a, b)
        if isinstance(a, Mapping) and isinstance(b, Mapping) and set(a) != set(b):
            raise ValueError(f"the structures differ in the keys of a dict, {list(a)} and {list(b)}")
    if len(a) != len(b):
        raise ValueError(f"the structures differ in the number of parts, {a!r} and {b!r}")
    for part_a, part_b in zip(_parts(a), _parts(b)):
        _assert_same(part_a, part_b, check_types)


def _check_types(a: Any, b: Any) -> None:
    """TypeError if two structures are of types that may not stand for each other."""
    if is_namedtuple(a) and is_namedtuple(b):
        same = type(a).__name__ == type(b).__name__ and a._fields == b._fields
    else:
        same = type(a) is type(b) or any(isinstance(a, kind) and isinstance(b, kind) for kind in (list, Mapping))
    if not same:
        raise TypeError(f"the structures differ in type, {type(a).__name__} and {type(b).__name__}")


class _Dot:
    """Stands for a leaf whose value does not matter."""

    def __repr__(self) -> str:
        return "."


def _outline(structure: Any) -> str:
    return repr(map_structure(lambda _: _Dot(), structure))


def flatten_dict_items(dictionary: Mapping[Any, Any]) -> dict[Any, Any]:
    """Pair the leaves of the keys with those of the values: `{(1, (2, 3)): ("a", ("b", "c"))}` gives `{1: "a", ...}`.

    Raises
    ------
    TypeError
        If `dictionary` is no mapping.
    ValueError
        If a key and its value have different numbers of leaves, or a key would come twice.
    """
    if not isinstance(dictionary, Mapping):
        raise TypeError(f"a dict is needed, got {dictionary!r}")
    flat: dict[Any, Any] = {}
    for key, value in dictionary.items():
        keys, values = (flatten(key), flatten(value)) if is_sequence(key) else ([key], [value])
        if len(keys) != len(values):
            raise ValueError(f"key {key!r} has {len(keys)} leaves but its value {value!r} has {len(values)}")
        for new_key, new_value in zip(keys, values):
            if new_key in flat:
                raise ValueError(f"key {new_key!r} comes twice")
            flat[new_key] = new_value
    return flat


# --- a shallow structure over a deeper one ----------------------------------------------------------------------------


def assert_shallow_structure(
    shallow_tree: Any, input_tree: Any, check_types: bool = True, check_subtrees_length: bool = True
) -> None:
    """Check that `input_tree` is nested like `shallow_tree` at least as deep as that goes.

    Parameters
    ----------
    shallow_tree, input_tree : nested structures
    check_types : bool
        Whether the types must agree.
    check_subtrees_length : bool
        If False, `input_tree` may have more parts; they are then ignored.

    Raises
    ------
    TypeError
        If `input_tree` has a leaf where `shallow_tree` has parts, or types differ.
    ValueError
        If the numbers of parts or the keys differ.
    """
    if not is_sequence(shallow_tree):
        return
    if not is_sequence(input_tree):
        raise TypeError(f"the shallow structure has parts where the input is a {type(input_tree).__name__}")
    if check_types and not isinstance(input_tree, type(shallow_tree)):
        _check_types(shallow_tree, input_tree)
    wanted, given = len(shallow_tree), len(input_tree)
    if given < wanted or (check_subtrees_length and given != wanted):
        raise ValueError(f"the shallow structure has {wanted} parts where the input has {given}")
    if isinstance(shallow_tree, Mapping):
        absent = set(shallow_tree) - set(input_tree)
        if absent:
            raise ValueError(f"the input lacks the keys {sorted(absent)}")
    for shallow, deep in zip(_parts(shallow_tree), _parts(input_tree)):
        assert_shallow_structure(shallow, deep, check_types, check_subtrees_length)


def flatten_up_to(
    shallow_tree: Any, input_tree: Any, check_types: bool = True, check_subtrees_length: bool = True
) -> list[Any]:
    """What `input_tree` has where `shallow_tree` has leaves: leaves, or the structures below.

    Raises
    ------
    TypeError, ValueError
        As `assert_shallow_structure`.
    """
    pairs = flatten_with_tuple_paths_up_to(shallow_tree, input_tree, check_types, check_subtrees_length)
    return [value for _, value in pairs]


def flatten_with_tuple_paths_up_to(
    shallow_tree: Any, input_tree: Any, check_types: bool = True, check_subtrees_length: bool = True
) -> list[tuple[Path, Any]]:
    """As `flatten_up_to`, each with its path."""
    assert_shallow_structure(shallow_tree, input_tree, check_types, check_subtrees_length)
    return list(_walk(shallow_tree, input_tree, ()))


def _walk(shallow: Any, deep: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if not is_sequence(shallow):
        yield path, deep
        return
    by_key = dict(_items(deep))
    for key, part in _items(shallow):
        yield from _walk(part, by_key[key], (*path, key))


def map_structure_up_to(shallow_tree: Any, func: Callable[..., Any], *inputs: Any, **kwargs: Any) -> Any:
    """Apply `func` to what the inputs have where `shallow_tree` has leaves.

    Parameters
    ----------
    shallow_tree : nested structure
        The result is like it.
    func : callable
        Takes one value of each input, and `kwargs` but for `check_types` and `check_subtrees_length`.

    Raises
    ------
    TypeError, ValueError
        As `assert_shallow_structure`; ValueError also where there is no input.
    """
    return map_structure_with_tuple_paths_up_to(
        shallow_tree, lambda _, *values, **rest: func(*values, **rest), *inputs, **kwargs
    )


def map_structure_with_tuple_paths_up_to(
    shallow_tree: Any, func: Callable[..., Any], *inputs: Any, **kwargs: Any
) -> Any:
    """As `map_structure_up_to`, where `func` takes the path first."""
    if not inputs:
        raise ValueError("at least one input is needed")
    checks = {key: kwargs.pop(key) for key in ("check_types", "check_subtrees_length") if key in kwargs}
    flat = [flatten_with_tuple_paths_up_to(shallow_tree, tree, **checks) for tree in inputs]
    results = [func(rows[0][0], *[value for _, value in rows], **kwargs) for rows in zip(*flat)]
    return pack_sequence_as(shallow_tree, results)


def get_traverse_shallow_structure(traverse_fn: Callable[[Any], Any], structure: Any) -> Any:
    """A shallow structure of bools: how deep `traverse_fn` wants to go.

    Parameters
    ----------
    traverse_fn : callable
        Takes a structure; answers with a bool for all of its parts, or a structure of one bool for each.
    structure : nested structure

    Raises
    ------
    TypeError
        If `traverse_fn` answers with anything else.
    """
    answer = traverse_fn(structure)
    if not is_sequence(answer) and not isinstance(answer, bool):
        raise TypeError(f"traverse_fn must answer with bools, got {answer!r}")
    if not is_sequence(structure):
        if not isinstance(answer, bool):
            raise TypeError(f"traverse_fn answered with the structure {answer!r} for the leaf {structure!r}")
        return answer
    if answer is False:
        return False
    parts = list(_parts(structure))
    if answer is True:
        answers: list[Any] = [True] * len(parts)
    else:
        assert_shallow_structure(answer, structure)
        answers = list(_parts(answer))
    for each in answers:
        if not isinstance(each, bool):
            raise TypeError(f"traverse_fn must answer with one level of bools, got {answer!r}")
    deeper = [go and get_traverse_shallow_structure(traverse_fn, part) for go, part in zip(answers, parts)]
    return _rebuild(structure, deeper)


# --- leaves with their paths ------------------------------------------------------------------------------------------


def yield_flat_paths(structure: Any) -> Iterator[Path]:
    """The paths of the leaves in order: tuples of keys, fields and positions."""
    for path, _ in _walk(structure, structure, ()):
        yield path


def flatten_with_tuple_paths(structure: Any) -> list[tuple[Path, Any]]:
    """The leaves in order, each with its path."""
    return list(_walk(structure, structure, ()))


def flatten_with_joined_string_paths(structure: Any, separator: str = "/") -> list[tuple[str, Any]]:
    """The leaves in order, each with its path as one string."""
    return [(separator.join(map(str, path)), leaf) for path, leaf in _walk(structure, structure, ())]


def map_structure_with_tuple_paths(func: Callable[..., Any], *structure: Any, **kwargs: Any) -> Any:
    """As `map_structure`, where `func` takes the path first, and `kwargs` but for `check_types`."""
    if not structure:
        raise ValueError("at least one structure is needed")
    return map_structure_with_tuple_paths_up_to(structure[0], func, *structure, **kwargs)


def map_structure_with_paths(func: Callable[..., Any], *structure: Any, **kwargs: Any) -> Any:
    """As `map_structure_with_tuple_paths`, the path joined by `/`."""
    return map_structure_with_tuple_paths(
        lambda path, *values, **rest: func("/".join(map(str, path)), *values, **rest), *structure, **kwargs
    )
