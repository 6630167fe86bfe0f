"""Ask TensorFlow 1.15.5 for the signatures of all its op types and write them to signatures.json.gz.

Run with a Python that has TensorFlow 1.15.5:  python tests/oracle/opdefs/ask.py
"""

import gzip
import json
import os


def argument(tf, arg):
    """[name, type: a dtype or an attr, "ref" or "", attr that says how many or ""]."""
    kind = arg.type_attr or arg.type_list_attr or tf.as_dtype(arg.type).name
    return [arg.name, kind, "ref" if arg.is_ref else "", arg.number_attr or arg.type_list_attr]


def value(tf, attr):
    """The Python form of a default value; of those that lists can hold, only types and empty ones matter here."""
    kind = attr.WhichOneof("value")
    if kind == "type":
        return tf.as_dtype(attr.type).name
    if kind == "list":
        for field in ("s", "i", "f", "b", "type"):
            if getattr(attr.list, field):
                items = getattr(attr.list, field)
                return [v.decode() if field == "s" else tf.as_dtype(v).name if field == "type" else v for v in items]
        return []
    if kind == "shape":
        return None if attr.shape.unknown_rank else [d.size for d in attr.shape.dim]
    if kind in ("tensor", "func", None):
        return None
    found = getattr(attr, kind)
    return found.decode("latin-1") if kind == "s" else found


def signature(tf, op):
    attrs = {}
    for attr in op.attr:
        attrs[attr.name] = {"kind": attr.type}
        if attr.HasField("default_value"):
            attrs[attr.name]["default"] = value(tf, attr.default_value)
        if attr.HasField("allowed_values"):
            attrs[attr.name]["allowed"] = sorted(set(value(tf, attr.allowed_values)))
    return {
        "inputs": [argument(tf, arg) for arg in op.input_arg],
        "outputs": [argument(tf, arg) for arg in op.output_arg],
        "attrs": attrs,
        "stateful": op.is_stateful,
    }


def main():
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow as tf
    from tensorflow.python.framework import op_def_registry

    found = {name: signature(tf, op) for name, op in sorted(op_def_registry.get_registered_ops().items())}
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "signatures.json.gz")
    with open(path, "wb") as f, gzip.GzipFile(fileobj=f, mode="wb", mtime=0) as g:
        g.write(json.dumps(found, sort_keys=True, separators=(",", ":")).encode())
    print(len(found), "op types")


if __name__ == "__main__":
    main()
