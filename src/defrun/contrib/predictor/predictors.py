"""`tf.contrib.predictor`: a saved model as a function of NumPy arrays."""

from __future__ import annotations

from typing import Any

from defrun.base import logging
from defrun.graph.graph import Graph
from defrun.graph.operation import Tensor
from defrun.saved_model import keys
from defrun.saved_model.reading import SavedModelLoader
from defrun.session.session import Session


class Predictor:
    """Feeds some tensors of a graph and fetches others, by names that it gives them."""

    _graph: Graph
    _session: Session
    _feed_tensors: dict[str, Tensor]
    _fetch_tensors: dict[str, Tensor]

    @property
    def graph(self) -> Graph:
        """The graph."""
        return self._graph

    @property
    def session(self) -> Session:
        """The session that runs it."""
        return self._session

    @property
    def feed_tensors(self) -> dict[str, Tensor]:
        """What goes in, by name."""
        return self._feed_tensors

    @property
    def fetch_tensors(self) -> dict[str, Tensor]:
        """What comes out, by name."""
        return self._fetch_tensors

    def __repr__(self) -> str:
        return f"{type(self).__name__} with feed tensors {self._feed_tensors} and fetch_tensors {self._fetch_tensors}"

    def __call__(self, input_dict: dict[str, Any]) -> dict[str, Any]:
        """Run the graph.

        Parameters
        ----------
        input_dict : dict of str: array
            By the names of `feed_tensors`; what is left out has to have a value of its own.

        Returns
        -------
        dict of str: array
            By the names of `fetch_tensors`.

        Raises
        ------
        ValueError
            If there is no input of such a name.
        """
        unknown = input_dict.keys() - self._feed_tensors.keys()
        if unknown:
            known = sorted(self._feed_tensors)
            raise ValueError(f"Got unexpected keys in input_dict: {sorted(unknown)}\nexpected: {known}")
        feeds = {self._feed_tensors[name]: value for name, value in input_dict.items() if value is not None}
        return self._session.run(self._fetch_tensors, feed_dict=feeds)


class SavedModelPredictor(Predictor):
    """A `Predictor` of a saved model; see `from_saved_model`."""

    def __init__(
        self,
        export_dir: Any,
        signature_def_key: str | None = None,
        signature_def: Any = None,
        input_names: dict[str, str] | None = None,
        output_names: dict[str, str] | None = None,
        tags: str | None = None,
        graph: Graph | None = None,
        config: Any = None,
    ) -> None:
        if (input_names is None) != (output_names is None):
            raise ValueError("input_names and output_names must both be specified or both be unspecified.")
        if sum(given is not None for given in (signature_def_key, signature_def, input_names)) > 1:
            raise ValueError("You must specify at most one of signature_def_key OR signature_def OR (input_names AND "
                             "output_names).")  # fmt: skip
        wanted = [tag.strip() for tag in (tags or keys.SERVING).split(",")]
        loader = SavedModelLoader(export_dir)
        self._graph = graph or Graph()
        with self._graph.as_default():
            self._session = Session(config=config)
            meta = loader.load(self._session, wanted)
        if input_names is None or output_names is None:
            signature = signature_def or _signature(meta, signature_def_key or keys.DEFAULT_SERVING_SIGNATURE_DEF_KEY)
            input_names = {name: info.name for name, info in signature.inputs.items()}
            output_names = {name: info.name for name, info in signature.outputs.items()}
        self._feed_tensors = {k: self._graph.get_tensor_by_name(name) for k, name in input_names.items()}
        self._fetch_tensors = {k: self._graph.get_tensor_by_name(name) for k, name in output_names.items()}


def _signature(meta: Any, key: str) -> Any:
    other = f"default_input_alternative:{key}"
    if key not in meta.signature_def and other in meta.signature_def:
        logging.warning('Could not find signature def "%s". Using "%s" instead', key, other)
        key = other
    if key not in meta.signature_def:
        raise ValueError(f'Got signature_def_key "{key}". Available signatures are {sorted(meta.signature_def)}.')
    return meta.signature_def[key]


def from_saved_model(
    export_dir: Any,
    signature_def_key: str | None = None,
    signature_def: Any = None,
    input_names: dict[str, str] | None = None,
    output_names: dict[str, str] | None = None,
    tags: str | None = None,
    graph: Graph | None = None,
    config: Any = None,
) -> SavedModelPredictor:
    """Load a saved model as a function.

    Parameters
    ----------
    export_dir : str
        Its folder.
    signature_def_key : str, optional
        Which of its signatures tells names of inputs and outputs, by default ``"serving_default"``.
    signature_def : SignatureDef, optional
        Another signature.
    input_names, output_names : dict of str: str, optional
        Names of tensors, instead of a signature.
    tags : str, optional
        Of the graph, divided by commas; by default ``"serve"``.
    graph : Graph, optional
        Where the nodes are added, by default to a new one.
    config : ConfigProto, optional
        Of the session.

    Returns
    -------
    SavedModelPredictor
        To be called with a dict of arrays; returns one.

    Raises
    ------
    ValueError
        If more than one of these is given, or there is no such signature.
    """
    return SavedModelPredictor(
        export_dir, signature_def_key, signature_def, input_names, output_names, tags, graph, config
    )
