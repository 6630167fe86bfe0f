"""Flattening and packing undo each other, whatever the structure."""

import collections

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defrun.base import nest

Point = collections.namedtuple("Point", "x y")

structures = st.recursive(
    st.integers(),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.sampled_from("abc"), inner),
        st.dictionaries(st.sampled_from("abc"), inner).map(collections.OrderedDict),
        st.builds(Point, inner, inner),
    ),
    max_leaves=8,
)


@given(structures)
def test_pack_undoes_flatten(structure):
    packed = nest.pack_sequence_as(structure, nest.flatten(structure))
    assert packed == structure
    nest.assert_same_structure(packed, structure)
    assert nest.map_structure(lambda x: x, structure) == structure


@given(structures)
def test_paths_lead_to_the_leaves(structure):
    for path, leaf in nest.flatten_with_tuple_paths(structure):
        at = structure
        for key in path:
            at = getattr(at, key) if nest.is_namedtuple(at) else at[key]
        assert at is leaf


@given(structures, structures)
def test_flatten_up_to_a_structure_gives_what_stood_at_its_leaves(shallow, part):
    deep = nest.map_structure(lambda _: part, shallow)
    assert nest.flatten_up_to(shallow, deep) == [part] * len(nest.flatten(shallow))


def test_dicts_flatten_by_key_and_keep_their_order():
    mixed = collections.OrderedDict([("b", 1), ("a", 2)])
    assert nest.flatten(mixed) == [2, 1]
    assert list(nest.pack_sequence_as(mixed, [20, 10]).items()) == [("b", 10), ("a", 20)]
    made = nest.pack_sequence_as(collections.defaultdict(list, b=1, a=2), [20, 10])
    assert made == {"a": 20, "b": 10}
    assert made["c"] == []


def test_messages_outline_the_structures():
    with pytest.raises(ValueError, match=r"(?s)first structure: \[\., \.\].*second structure: \[\., \[\.\]\]"):
        nest.assert_same_structure([1, 2], [3, [4]])
    with pytest.raises(TypeError, match="keys of a dict"):
        nest.flatten({1: 1, "a": 2})
