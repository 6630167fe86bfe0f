"""Ask TensorFlow 1.15.5 for its names: what is public, which names mean one object, where that object lives.

    python3.7 tests/oracle/names/ask.py        # rewrites src/defrun/base/tensorflow_*.txt and signatures.txt

The lists below base/ ship with the package: they tell a missing name of TensorFlow's from a misspelt one, and where a
private module such as `tensorflow.python.ops.math_ops` has its symbols. signatures.txt is what tests/test_face.py holds
our functions against.
"""

import contextlib
import os
import sys
import types
import warnings

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
warnings.filterwarnings("ignore")

import tensorflow as tf  # noqa: E402
import tensorflow.contrib as contrib  # noqa: E402
from tensorflow.python.util import tf_decorator, tf_inspect  # noqa: E402

AUTHOR = "tests/oracle/names/ask.py"
BASE = os.path.join(os.path.dirname(__file__), "..", "..", "..", "src", "defrun", "base")
SYMBOLS = os.path.join(BASE, "tensorflow_symbols.txt")
MODULES = os.path.join(BASE, "tensorflow_modules.txt")
SIGNATURES = os.path.join(os.path.dirname(__file__), "signatures.txt")
SKIPPED = {"compat.v1", "compat.v2", "contrib", "raw_ops"}


def public(module):
    """Yield (name, value) of what a face module offers."""
    for name in sorted(dir(module)):
        if not name.startswith("_") or name in ("__version__", "__git_version__", "__compiler_version__"):
            with contextlib.suppress(AttributeError):
                yield name, getattr(module, name)


def walk(module, prefix, modules, symbols):
    for name, value in public(module):
        full = prefix + name
        if isinstance(value, types.ModuleType):
            inner = getattr(value, "__name__", "")
            if full not in SKIPPED and ("._api." in inner or ".api._v1." in inner):
                modules.append(full)
                walk(value, full + ".", modules, symbols)
        else:
            symbols.append((full, value))


def home(value):
    """Return where `value` is defined and its name there, or (None, None) for plain values."""
    plain = tf_decorator.unwrap(value)[1] if callable(value) else value
    module = getattr(plain, "__module__", None) or getattr(type(plain), "__module__", "")
    name = getattr(plain, "__name__", None)
    for start in ("tensorflow_core.", "tensorflow."):
        if module.startswith(start):
            return module[len(start) :], name
    return (module if module.startswith("tensorflow_estimator") else None), name


def one_object(full, value):
    """Return a key that is equal for names of one object; plain values are one only if their names agree."""
    plain = value is None or isinstance(value, (int, float, str, bytes, bool, tuple))
    return (full.split(".")[-1], value) if plain else id(value)


def signature(value):
    """Return the parameters of a function or class, such as `(a, b=None, c=?, *rest)`; ? is an object as default."""
    if isinstance(value, type):
        value = value.__init__ if "__init__" in dir(value) else value
    try:
        spec = tf_inspect.getfullargspec(value)
    except TypeError:
        return None
    parameters = [name for name in spec.args if name not in ("self", "cls")]
    defaults = dict(zip(spec.args[::-1], (spec.defaults or ())[::-1]))
    defaults.update(spec.kwonlydefaults or {})
    plain = (int, float, str, bool, type(None))

    def one(name):
        if name not in defaults:
            return name
        return name + "=" + (repr(defaults[name]) if isinstance(defaults[name], plain) else "?")

    stars = ["*" + spec.varargs] if spec.varargs else ["*"] if spec.kwonlyargs else []
    double = ["**" + spec.varkw] if spec.varkw else []
    return "(" + ", ".join([one(n) for n in parameters] + stars + [one(n) for n in spec.kwonlyargs] + double) + ")"


def face():
    """Return what the public face holds.

    {home: [line]}, {key of an object: its shortest name}, the modules, and (name, signature) of what can be called.
    """
    modules, symbols = [], []
    walk(tf, "", modules, symbols)
    groups = {}
    for full, value in symbols:
        groups.setdefault(one_object(full, value), (value, []))[1].append(full)
    lines = {}
    for value, names in groups.values():
        module, name = home(value)
        names.sort(key=lambda n: (n.count("."), n))
        line = " ".join(names)
        if name and name != names[0].split(".")[-1]:
            line += " = " + name
        lines.setdefault(module or "-", []).append(line)
    shortest = {key: names[0] for key, (_, names) in groups.items()}
    signatures = sorted((names[0], signature(value)) for value, names in groups.values() if callable(value))
    return lines, shortest, modules, signatures


def contrib_names(public_names):
    """Return {contrib module: [names its `__init__` offers]}, two levels deep; `name=public` if it is public, too."""
    found = {}

    def look(module, path):
        names = []
        for name, value in public(module):
            if not isinstance(value, types.ModuleType):
                same = public_names.get(one_object(name, value)) if callable(value) else None
                names.append(name + "=" + same if same else name)
            elif value.__name__.endswith("." + path + "." + name) and path.count(".") < 2 and name != "python":
                look(value, path + "." + name)
        names = [name for name in names if name not in ("absolute_import", "division", "print_function")]
        if names:
            found[path] = names

    for name, value in public(contrib):
        if isinstance(value, types.ModuleType) and name not in ("quantization", "specs", "labeled_tensor"):
            look(value, "contrib." + name)
    return found


def source_modules():
    """Return {package: [modules in it]} of the files below python/, contrib/, core/ and examples/."""
    root = os.path.dirname(contrib.__file__).rsplit(os.sep, 1)[0]
    found = {}
    for top in ("python", "contrib", "core", "examples"):
        for folder, folders, files in os.walk(os.path.join(root, top)):
            folders.sort()
            package = os.path.relpath(folder, root).replace(os.sep, ".")
            names = {f[:-3] for f in files if f.endswith(".py") and not f.endswith(("__init__.py", "_test.py"))}
            names |= {f.split(".")[0] for f in files if f.endswith(".so") and f.startswith("_pywrap")}
            names |= {f for f in folders if f != "__pycache__"}
            if names:
                found[package] = sorted(names)
    return found


def wrap(names, width=118):
    line = ""
    for name in names:
        if line and len(line) + len(name) + 1 > width:
            yield line
            line = ""
        line += (" " if line else "") + name
    if line:
        yield line


def main():
    lines, public_names, modules, signatures = face()
    with open(SYMBOLS, "w") as out:
        out.write("# What TensorFlow %s calls things; written by %s.\n" % (tf.__version__, AUTHOR))
        out.write("# Below [the module that defines them]: one object a line: public names, '= its name there'.\n")
        for module in sorted(lines):
            out.write("\n[%s]\n%s\n" % (module, "\n".join(sorted(lines[module]))))
    with open(MODULES, "w") as out:
        out.write("# Modules of TensorFlow %s and names in them; written by %s.\n" % (tf.__version__, AUTHOR))
        out.write("\n[public modules]\n%s\n" % "\n".join(wrap(modules)))
        for package, names in sorted(source_modules().items()):
            out.write("\n[modules in %s]\n%s\n" % (package, "\n".join(wrap(names))))
        out.write("\n[names in raw_ops]\n%s\n" % "\n".join(wrap([n for n, _ in public(tf.raw_ops)])))
        for module, names in sorted(contrib_names(public_names).items()):
            out.write("\n[names in %s]\n%s\n" % (module, "\n".join(wrap(names))))
    with open(SIGNATURES, "w") as out:
        out.write("# How TensorFlow %s's functions and classes are called; written by %s.\n" % (tf.__version__, AUTHOR))
        out.write("".join("%s %s\n" % (name, found) for name, found in signatures if found is not None))
    sys.stdout.write("%s\n%s\n" % (SYMBOLS, MODULES))


if __name__ == "__main__":
    main()
