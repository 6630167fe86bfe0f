"""Write the face: the modules that give our functions and classes TensorFlow's public names.

Each is a list of imports in a stub (`nn.pyi`), for readers, editors and type checkers, and a module (`nn.py`) that
imports what the stub lists when it is first asked for, so that `import defrun` loads little.

    python tools/face.py            # write them (`make face`)
    python tools/face.py --check    # write nothing; exit with 1 if a file is not what it should be
    python tools/face.py --missing  # list the public names that nothing here stands for yet

The face is lists of names and nothing else, so it can be written. base/tensorflow_symbols.txt knows every public
object of TensorFlow 1.15.5, all its names, and where TensorFlow defines it. For each of them a definition of one of its
names is looked for in the rooms that serve that part, and imported wherever the object has a public name: define
`matrix_band_part` in ops/, run this, and `tf.matrix_band_part` and `tf.linalg.band_part` are there.

Where several definitions fit, DECIDED says which is meant; without that the first one is taken, and it is an error.
"""

import argparse
import ast
import sys
import textwrap
from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib.machinery import PathFinder
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "defrun"

MARK = "Written by tools/face.py."
WIDTH = 120

# Rooms, or single modules, to look into: for a module of the face, or else for the module of TensorFlow's that defines
# the object. The longest prefix counts; of the rooms, the first that has the name.
BY_FACE = {
    "errors": "base.errors",
    "gfile": "files.file_io files.gfile",
    "io.gfile": "files.gfile",
    "logging": "base.logging",
    "nest": "base.nest",
    "saved_model": "saved_model",
    "version": "base.version",
}
GENERAL = "ops gradients graph base variables session"
BY_HOME = {
    "": GENERAL,
    "python.autograph": "autograph",
    "python.data": "data",
    "python.eager": "graph gradients session base",
    "python.eager.def_function": "functions",
    "python.framework": "base graph ops gradients session files testing",
    "python.framework.test_util": "testing",
    "python.keras": "",  # its modules share names (get, serialize): each has a line of its own
    "python.keras.activations": "keras.activation",
    "python.keras.constraints": "keras.constraint",
    "python.keras.initializers": "keras.initializer",
    "python.keras.regularizers": "keras.regularizer",
    "python.layers": "layers",
    "python.lib": "files base.record_options",
    "python.ops.image": "image ops.image",
    "python.ops.ragged": "ragged ops.ragged",
    "python.ops.ragged.ragged_string_ops": "ops.strings",
    "python.ops.distributions": "distributions",
    "python.ops.init_ops": "variables",
    "python.ops.lookup_ops": "lookup",
    "python.ops.losses": "losses",
    "python.ops.metrics": "metrics",
    "python.ops.nn": "ops nn",
    "python.ops.rnn": "rnn",
    "python.ops.gradient_checker": "testing",
    "python.platform": "base app flags files testing",
    "python.saved_model": "saved_model files",
    "python.summary": "summary",
    "python.training": "train variables data session files ops base",
    "python.util": "base graph",
    "tensorflow_estimator": "estimator",
}
BY_CONTRIB = {
    "": "contrib",
    "contrib.checkpoint": "contrib train",
    "contrib.eager": "contrib testing functions",
    "contrib.framework": "contrib variables ops graph base",
    "contrib.lookup": "contrib lookup",
    "contrib.nn": "contrib ops.nn",
    "contrib.rnn": "contrib rnn",
    "contrib.seq2seq": "contrib ops.beams",
}
ALSO_IN = {"contrib.distributions": "distributions", "contrib.slim": "contrib.layers contrib.framework"}

# Modules of the face that are there only with a room of their own; one name that is here anyway is no `tf.keras`.
WITH_ROOM = ("keras", "lite", "estimator", "profiler")

# Modules with functions for our own use that bear names of TensorFlow's.
INNER = ("contrib.cudnn_rnn.networks", "ops.declare", "ops.namespace", "ops.philox", "ops.rejection")

# Where more than one definition fits, or a wrong one: public name -> "module:name", or "" for none.
DECIDED: dict[str, str] = {
    "layers.InputSpec": "keras.input_spec:InputSpec",
    "nn.conv3d_backprop_filter": "ops.conv:convolve_3d_to_filter",
    "print": "ops.printing:print_",
    "range": "ops.creation:range_",
    "saved_model.load_v2": "",
    "slice": "ops.slicing:slice_",
    "strings.substr": "ops.strings.parts:substr",
    "tuple": "ops.flow:tuple_",
    "estimator.VocabInfo": "train.warm_starting:VocabInfo",
    "train.NewCheckpointReader": "train.checkpoint_reader:NewCheckpointReader",
    "tpu.rewrite": "",  # that of graph/frames.py is about something else
    "vectorized_map": "",  # that of ops/control.py is for our own use
}

# What the face has beside that; also modules that scripts use although TensorFlow 1.15.5 does not list them.
_TEXT = {
    name: f"defrun.contrib.learn.text:{name}"
    for name in ("ByteProcessor", "CategoricalVocabulary", "TOKENIZER_RE", "VocabularyProcessor", "tokenizer")
}
_BIJECTORS = {
    "compose": ("Chain", "Inline", "Invert"),
    "elementwise": ("AffineScalar", "Exp", "Identity", "PowerTransform", "Sigmoid", "Softplus"),
    "bijector": ("Bijector",),
}
OWN = {
    "": {
        "__git_version__": "defrun.base.version:GIT_VERSION",
        "__version__": "defrun.base.version:VERSION",
        "install_as_tensorflow": "defrun.cli.alias:install_as_tensorflow",
    },
    "contrib.distributions.bijectors": {
        name: f"defrun.contrib.bijectors.{module}:{name}" for module, names in _BIJECTORS.items() for name in names
    },
    "contrib.eager": {
        "Checkpoint": "defrun.train.checkpoint:Checkpoint",
        "Checkpointable": "defrun.train.trackable:Checkpointable",
    },
    "contrib.framework": {
        "nest": "defrun.base:nest",
        **{
            name: f"defrun.train.checkpoint_utils:{name}"
            for name in ("init_from_checkpoint", "list_variables", "load_checkpoint", "load_variable")
        },
        **{
            name: f"defrun.train.remapped:{name}"
            for name in (
                "load_and_remap_matrix_initializer", "load_embedding_initializer",
                "load_linear_multiclass_bias_initializer", "load_variable_slot_initializer",
            )
        },
    },
    "contrib.learn.preprocessing": _TEXT,
    "contrib.learn.python.learn.preprocessing": _TEXT,
    "contrib.learn.python.learn.preprocessing.text": _TEXT,
    "contrib.losses.metric_learning": {
        name: f"defrun.contrib.losses.of_embeddings:{name}"
        for name in ("contrastive_loss", "lifted_struct_loss", "npairs_loss", "triplet_semihard_loss")
    },
    "contrib.slim": {
        "learning": "defrun.contrib.slim:learning",
        "model_analyzer": "defrun.contrib.slim:model_analyzer",
        "nets": "defrun.contrib.slim:nets",
        "utils": "defrun.contrib.layers:utils",
    },
    "contrib.tensorboard.plugins.projector": {
        name: f"defrun.contrib.projector:{name}"
        for name in ("EmbeddingInfo", "ProjectorConfig", "SpriteMetadata", "visualize_embeddings")
    },
    "test": {"mock": "unittest:mock"},
}
BY_HAND = ("app", "flags", "compat.v1")  # modules of the face that are more than lists


def read_names() -> Any:
    """Import base/names.py alone: the rest may not be importable without the face that is to be written."""
    spec: Any = spec_from_file_location("defrun.base.names", SOURCE / "base" / "names.py")
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module.names()


KNOWN = read_names()


class Place(NamedTuple):
    """Where something is defined: a whole module name and the name in it."""

    module: str
    name: str


def module_name(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def is_ours_to_write(path: Path) -> bool:
    """Whether a file is of the face, or holds a docstring at most."""
    text = path.read_text(encoding="utf-8")
    return MARK in text or all(isinstance(node, ast.Expr) for node in ast.parse(text).body)


def defined_by(node: ast.stmt) -> Iterable[str]:
    """Return the names that a statement at the top of a module defines."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.AnnAssign):
        return [node.target.id] if isinstance(node.target, ast.Name) and node.value else []
    if isinstance(node, ast.Assign):
        return [n.id for target in node.targets for n in ast.walk(target) if isinstance(n, ast.Name)]
    return []


def op_types(module: str) -> Iterator[tuple[str, str]]:
    """Yield (op type, name of the function) for every `@op("Type", ...)` in a module."""
    path = SOURCE.joinpath(*module.split(".")).with_suffix(".py")
    for node in ast.parse(path.read_text(encoding="utf-8")).body if path.exists() else ():
        for call in node.decorator_list if isinstance(node, ast.FunctionDef) else ():
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "op":
                yield ast.literal_eval(call.args[0]), node.name


def definitions() -> dict[str, set[str]]:
    """Return {module: names it defines} for the rooms, the face left out."""
    found = {}
    for path in SOURCE.rglob("*.py"):
        module = module_name(path)
        outside = module.split(".")[0] in ("", "__main__", "plan", "compile", "cli") or module in INNER
        if not outside and not is_ours_to_write(path):
            body = ast.parse(path.read_text(encoding="utf-8")).body
            found[module] = {name for node in body for name in defined_by(node) if not name.startswith("_")}
    return dict(sorted(found.items()))


def longest_prefix(table: dict[str, str], module: str) -> str | None:
    fits = [prefix for prefix in table if module.startswith(prefix)]
    return table[max(fits, key=len)] if fits else None


class Face:
    """What every module of the face should hold.

    `lists` has {module: {name: Place}}; `missing` the names that nothing stands for; `conflicts` what to decide.
    """

    def __init__(self) -> None:
        self.defined = definitions()
        self.lists: dict[str, dict[str, Place]] = defaultdict(dict)
        self.missing: list[str] = []
        self.conflicts: list[str] = []
        for one in KNOWN.objects:
            self.put(one.names, self.find(*one))
        for module, members in KNOWN.members.items():
            if module.startswith("contrib."):
                for name, public in members.items():
                    self.put((f"{module}.{name}",), self.find_contrib(module, name, public))
        for module in self.defined:
            for op_type, name in op_types(module) if module.startswith("ops.") else ():
                if op_type in KNOWN.members["raw_ops"]:
                    self.lists["raw_ops"][op_type] = Place(f"defrun.{module}", name)
        for module, names in OWN.items():
            for name, where in names.items():
                self.lists[module][name] = Place(*where.split(":"))

    def put(self, same: tuple[str, ...], place: Place | None) -> None:
        if place is None:
            self.missing.append(" ".join(same))
            return
        for public in same:
            module, _, name = public.rpartition(".")
            top = module.split(".")[0]
            roomless = top in WITH_ROOM and not any(m.split(".")[0] == top for m in self.defined)
            if module not in BY_HAND and not roomless:
                self.lists[module][name] = place

    def find(self, same: tuple[str, ...], home: str, private: str) -> Place | None:
        """Return what stands for the object with these public names; TensorFlow defines it as `private` in `home`."""
        for public in same:
            if public in DECIDED:
                module, _, name = DECIDED[public].partition(":")
                if name and module not in self.defined:
                    self.conflicts.append(f"tf.{public}: there is no {module}")
                return Place(f"defrun.{module}", name) if name and module in self.defined else None
        if home.startswith("core."):
            return proto(home.rpartition(".")[2], private) or self.search("base.messages", [private], same[0])
        rooms = longest_prefix(BY_FACE, same[0]) or longest_prefix(BY_HOME, home) or ""
        whole = [public for public in same if "." not in public]  # `merge` alone would not mean `tf.sparse.merge`
        return self.search(rooms, [private, *(whole or (public.rpartition(".")[2] for public in same))], same[0])

    def find_contrib(self, module: str, name: str, public: str | None) -> Place | None:
        """Return what stands for a name of contrib: a public object, or what a room has if no other is so called."""
        if public is not None:
            holder, _, last = public.rpartition(".")
            return self.lists.get(holder, {}).get(last)
        others = {other.rpartition(".")[2] for other in KNOWN.aliases}
        rooms = f"{module} {ALSO_IN.get(module, '')}"
        if name not in others:
            rooms += f" {longest_prefix(BY_CONTRIB, module)}"
        return self.search(rooms, [name], f"{module}.{name}")

    def search(self, rooms: str, words: list[str], public: str) -> Place | None:
        """Return the definition of the first of `words` that any of `rooms` has, in the first such room."""
        for word in dict.fromkeys(words):
            someone_else = word in KNOWN.aliases and public not in KNOWN.aliases[word]
            for room in rooms.split():
                if someone_else and room in GENERAL.split():
                    continue  # `size` in ops/ is `tf.size`, not `tf.sets.size`
                fits = [m for m, names in self.defined.items() if word in names and f"{m}.".startswith(f"{room}.")]
                if len(fits) > 1:
                    self.conflicts.append(f"tf.{public}: {word} is defined in {' and in '.join(fits)}")
                if fits:
                    return Place(f"defrun.{fits[0]}", word)
        return None

    def modules(self) -> dict[str, list[str]]:
        """Return {module: the modules directly below it}, from the top."""
        known = {*self.lists, *(m for m in BY_HAND if file_of(m, False).exists()), "compat", "contrib"}
        tree: dict[str, list[str]] = {"": []}
        for module in sorted(known - {""}):
            above = ""
            for part in module.split("."):
                below = f"{above}.{part}" if above else part
                if part not in tree[above]:
                    tree[above].append(part)
                tree.setdefault(below, [])
                above = below
        return tree


def proto(module: str, name: str) -> Place | None:
    """Return a message of TensorFlow's as tensorboard brings it along."""
    package = "tensorboard.compat.proto"
    path: list[str] | None = None
    for end in range(1, 4):
        spec = PathFinder.find_spec(".".join(package.split(".")[:end]), path)
        if spec is None or spec.submodule_search_locations is None:
            return None
        path = list(spec.submodule_search_locations)
    whole = f"{package}.{module}"
    return Place(whole, name) if PathFinder.find_spec(whole, path) else None


def file_of(module: str, holds_others: bool) -> Path:
    """Return the file of a module of the face; a package if it holds others or is a room, too."""
    path = SOURCE.joinpath(*filter(None, module.split(".")))
    return path / "__init__.py" if holds_others or path.is_dir() else path.with_suffix(".py")


def import_of(module: str, names: list[tuple[str, str]]) -> str:
    """Return `from module import ...` for (original, name) pairs, wrapped."""
    parts = [f"{original} as {name}" for original, name in sorted(names, key=lambda pair: pair[1])]
    line = f"from {module} import {', '.join(parts)}"
    if len(line) <= WIDTH:
        return line
    whole = ", ".join(part.replace(" ", "\0") for part in parts) + ","
    body = textwrap.wrap(whole, WIDTH - 4, break_on_hyphens=False, break_long_words=False)
    body = [row if len(row) <= WIDTH - 4 else row.replace("\0as\0", " as\n    ") for row in body]
    return "\n".join([f"from {module} import (", *(f"    {row}" for row in body), ")"]).replace("\0", " ")


def texts_of(module: str, names: dict[str, Place], below: list[str]) -> tuple[str, str]:
    """Return the source of a module of the face, and its stub."""
    if module:
        doc = f'"""`tf.{module}`: names, and nothing else. {MARK}"""'
    else:
        doc = (
            '"""TensorFlow 1.x\'s define-and-run: graphs compiled whole by XLA through JAX. `import defrun as tf`.\n\n'
            f"TensorFlow's names for what the rooms define, and nothing else. {MARK}\n"
            '"""'
        )
    here = f"defrun.{module}" if module else "defrun"
    by_module: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name, place in names.items():
        by_module[place.module].append((place.name, name))
    by_module[here] += [(name, name) for name in below]
    imports = [import_of(source, pairs) for source, pairs in sorted(by_module.items()) if pairs]
    stub = "\n".join([doc, "", *imports, ""])
    at_once = [
        import_of(place.module, [(place.name, name)])
        for name, place in sorted(names.items())
        if place.module != here and is_below(module, name)
    ]
    start = ["from defrun.base.names import offer", *(f"{line}  # not the module of this name" for line in at_once)]
    return "\n".join([doc, "", *start, "", "__getattr__, __dir__ = offer(__name__)", ""]), stub


def is_below(module: str, name: str) -> bool:
    """Whether a module of the face holds another module of this name."""
    path = SOURCE.joinpath(*filter(None, module.split(".")), name)
    return path.is_dir() or path.with_suffix(".py").exists()


def op_index() -> str:
    """Return the source of the list of op types by the module that declares them."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in (SOURCE / "ops").rglob("*.py"):
        for op_type, _ in op_types(module_name(path)):
            found[f"defrun.{module_name(path)}"].append(op_type)
    texts = {module: textwrap.wrap(" ".join(sorted(types)), WIDTH - 8) for module, types in sorted(found.items())}
    rows = ["\n        ".join([f'    "{module}": """', *lines]) + '\n    """,' for module, lines in texts.items()]
    doc = f'"""Which module declares an op type: it is imported when the type is first looked up. {MARK}"""'
    return "\n".join([doc, "", "MODULES = {", *rows, "}", ""])


def sources() -> tuple[dict[Path, str], Face]:
    """Return {file: what it should hold} for the whole face."""
    face = Face()
    tree = face.modules()
    files = {}
    for module, below in tree.items():
        if module not in BY_HAND:
            path = file_of(module, bool(below))
            files[path], files[path.with_suffix(".pyi")] = texts_of(module, face.lists.get(module, {}), below)
    files[SOURCE / "graph" / "op_modules.py"] = op_index()
    return files, face


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if anything would change")
    parser.add_argument("--missing", action="store_true", help="list the public names that are not here yet")
    args = parser.parse_args()
    files, face = sources()
    if args.missing:
        print("\n".join(face.missing))
        return 0
    if face.conflicts:
        print("Say in DECIDED which is meant:", *face.conflicts, sep="\n")
    foreign = [path for path in files if path.exists() and not is_ours_to_write(path)]
    if foreign:
        print("These are modules of the face and should hold a docstring only:", *foreign, sep="\n")
        return 1
    stale = [path for path in SOURCE.rglob("*.py*") if path.suffix in (".py", ".pyi") and path not in files]
    stale = [path for path in stale if MARK in path.read_text(encoding="utf-8")]
    changed = [path for path, text in files.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if args.check:
        for path in [*stale, *changed]:
            print(f"{path.relative_to(ROOT)} is not up to date; run tools/face.py")
        return 1 if stale or changed or face.conflicts else 0
    for path in stale:
        path.unlink()
    for path in changed:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(files[path], encoding="utf-8")
    print(f"{len(changed)} written, {len(stale)} removed; {len(face.missing)} public objects are not here yet")
    return 1 if face.conflicts else 0


if __name__ == "__main__":
    sys.exit(main())
