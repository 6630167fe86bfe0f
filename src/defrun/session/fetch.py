"""The structure of what is fetched: flatten it for the plan, and build it again from the results."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from defrun.graph.composite import IndexedSlices, SparseTensor, SparseTensorValue
from defrun.graph.graph import Graph
from defrun.graph.operation import Operation, Tensor


class IndexedSlicesValue(NamedTuple):
    """The arrays of a fetched `IndexedSlices`."""

    values: Any
    indices: Any
    dense_shape: Any


Builder = Callable[[list[Any]], Any]


class FetchStructure:
    """Fetches of any nesting: lists, tuples, named tuples, dicts, names, composites."""

    def __init__(self, graph: Graph, fetches: Any) -> None:
        self.graph = graph
        self._places: dict[Tensor | Operation, int] = {}
        self._build = self._read(fetches)

    @property
    def flat(self) -> tuple[Tensor | Operation, ...]:
        """Each tensor or operation once."""
        return tuple(self._places)

    def build(self, values: list[Any]) -> Any:
        """Put `values`, which go with `flat`, into the structure."""
        return self._build(values)

    def _read(self, fetch: Any) -> Builder:
        if fetch is None:
            raise TypeError("Fetch argument None has invalid type NoneType")
        if isinstance(fetch, (IndexedSlices, SparseTensor)):
            return self._composite(fetch)
        if isinstance(fetch, (list, tuple)):
            parts = [self._read(item) for item in fetch]
            if hasattr(fetch, "_fields"):
                kind = type(fetch)
                return lambda values: kind(*[part(values) for part in parts])
            if isinstance(fetch, list):
                return lambda values: [part(values) for part in parts]
            return lambda values: tuple([part(values) for part in parts])
        if isinstance(fetch, Mapping):
            return self._mapping(fetch)
        return self._leaf(fetch)

    def _mapping(self, fetch: Mapping[Any, Any]) -> Builder:
        parts = {key: self._read(item) for key, item in fetch.items()}
        kind = type(fetch)

        def build(values: list[Any]) -> Any:
            built = {key: part(values) for key, part in parts.items()}
            if kind is dict:
                return built
            empty = fetch.copy() if hasattr(fetch, "copy") else {}
            for key, value in built.items():
                empty[key] = value
            return empty

        return build

    def _composite(self, fetch: IndexedSlices | SparseTensor) -> Builder:
        if isinstance(fetch, SparseTensor):
            make: Any = SparseTensorValue
            parts = [self._leaf(fetch.indices), self._leaf(fetch.values), self._leaf(fetch.dense_shape)]
        else:
            make = IndexedSlicesValue
            shape = fetch.dense_shape
            last = (lambda values: None) if shape is None else self._leaf(shape)
            parts = [self._leaf(fetch.values), self._leaf(fetch.indices), last]
        return lambda values: make(*[part(values) for part in parts])

    def _leaf(self, fetch: Any) -> Builder:
        try:
            element = self.graph.as_graph_element(fetch, allow_tensor=True, allow_operation=True)
        except TypeError as error:
            raise TypeError(
                f"Fetch argument {fetch!r} has invalid type {type(fetch).__name__}, must be a Tensor or name. ({error})"
            ) from None
        except (ValueError, KeyError) as error:
            text = error.args[0] if error.args else error
            raise ValueError(f"Fetch argument {fetch!r} cannot be interpreted as a Tensor. ({text})") from None
        if not self.graph.is_fetchable(element):
            raise ValueError(f"Operation {element.name!r} has been marked as not fetchable.")
        place = self._places.setdefault(element, len(self._places))
        return lambda values: values[place]
