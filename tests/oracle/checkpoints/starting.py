"""Variables that start from checkpoints: init_from_checkpoint, warm_start and the remapping initializers.

Each function gets `tf` and the prefix of a checkpoint, builds variables and returns them; the answers are their values
once they are initialized.
`python tests/oracle/checkpoints/starting.py` asks TensorFlow 1.15.5 and writes starting.json.
"""

import json
import os

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
V2 = os.path.join(HERE, "files", "v2")
OLD_WORDS = os.path.join(HERE, "files", "old_words")
NEW_WORDS = os.path.join(HERE, "files", "new_words")


def _rows(tf, name, shape, parts=1, resource=False):
    partitioner = tf.fixed_size_partitioner(parts) if parts > 1 else None
    return tf.get_variable(name, shape, initializer=tf.constant_initializer(-7), partitioner=partitioner,
                           use_resource=resource)  # fmt: skip


def by_name(tf):
    with tf.variable_scope("model"):
        w, r = _rows(tf, "w", [2, 3]), _rows(tf, "r", [3], resource=True)
    tf.train.init_from_checkpoint(V2, {"w": "model/w", "resource": r})
    return [w, r]


def by_scope(tf):
    with tf.variable_scope("model"):
        w, r, p = _rows(tf, "w", [2, 3]), _rows(tf, "resource", [3]), _rows(tf, "parts", [140, 2], 4)
    tf.train.init_from_checkpoint(V2, {"/": "model/"})
    return [w, r, p]


def everything(tf):
    w = _rows(tf, "w", [2, 3])
    tf.train.init_from_checkpoint(V2, {"/": "/"})
    return [w]


def parts(tf):
    p, q = _rows(tf, "p", [140, 2], 3), _rows(tf, "q", [140, 2], 5)
    tf.train.init_from_checkpoint(V2, {"parts": list(p)})
    tf.train.init_from_checkpoint(V2, {"parts": "q"})
    return [p, q]


def not_there(tf):
    w = _rows(tf, "w", [2, 3])
    tf.train.init_from_checkpoint(V2, {"nope": w})


def wrong_shape(tf):
    w = _rows(tf, "w", [3, 2])
    tf.train.init_from_checkpoint(V2, {"w": w})


def scope_to_name(tf):
    with tf.variable_scope("model"):
        _rows(tf, "w", [2, 3])
    tf.train.init_from_checkpoint(V2, {"w": "model/"})


def no_checkpoint(tf):
    tf.train.init_from_checkpoint(os.path.join(HERE, "files", "none"), {"w": _rows(tf, "w", [2, 3])})


def warm_all(tf):
    w, r, other = _rows(tf, "w", [2, 3]), _rows(tf, "resource", [3], resource=True), tf.Variable(1.0, trainable=False)
    tf.train.warm_start(V2)
    return [w, r, other]


def warm_some(tf):
    w, r, p = _rows(tf, "w", [2, 3]), _rows(tf, "resource", [3]), _rows(tf, "mine", [140, 2], 2)
    tf.train.warm_start(V2, "resource|mine", var_name_to_prev_var_name={"mine": "parts"})
    return [w, r, p]


def warm_listed(tf):
    w, r = _rows(tf, "w", [2, 3]), _rows(tf, "resource", [3])
    tf.train.warm_start(V2, [w])
    return [w, r]


def warm_unused(tf):
    _rows(tf, "w", [2, 3])
    tf.train.warm_start(V2, var_name_to_prev_var_name={"x": "w"})


def _words(tf, **options):
    return tf.train.VocabInfo(NEW_WORDS, 4, 1, OLD_WORDS, **options)


def warm_words(tf):
    w = _rows(tf, "w", [5, 3])
    tf.train.warm_start(V2, var_name_to_vocab_info={"w": _words(tf)})
    return [w]


def warm_words_in_parts(tf):
    w = _rows(tf, "w", [5, 3], 2)
    tf.train.warm_start(V2, var_name_to_vocab_info={"w": _words(tf, backup_initializer=tf.ones_initializer())})
    return [w]


def warm_columns(tf):
    w = _rows(tf, "w", [2, 5])
    tf.train.warm_start(V2, var_name_to_vocab_info={"w": _words(tf, axis=1, backup_initializer=tf.ones_initializer())})
    return [w]


def warm_few_words(tf):
    w = _rows(tf, "w", [5, 3])
    tf.train.warm_start(V2, var_name_to_vocab_info={"w": _words(tf, old_vocab_size=1)})
    return [w]


def bad_axis(tf):
    _words(tf, axis=2)


def embedding(tf):
    load = tf.contrib.framework.load_embedding_initializer(
        V2, "w", 3, 3, OLD_WORDS, NEW_WORDS, num_oov_buckets=1, initializer=tf.ones_initializer()
    )
    return [tf.get_variable("e", [4, 3], initializer=load)]


def both_axes(tf):
    load = tf.contrib.framework.load_and_remap_matrix_initializer(
        V2, "w", 2, 3, old_row_vocab_file=OLD_WORDS, new_row_vocab_file=NEW_WORDS, old_col_vocab_file=OLD_WORDS,
        new_col_vocab_file=NEW_WORDS, num_col_oov_buckets=1, initializer=tf.ones_initializer(),
    )  # fmt: skip
    return [tf.get_variable("m", [2, 4], initializer=load)]


def one_file(tf):
    load = tf.contrib.framework.load_and_remap_matrix_initializer(V2, "w", 2, 3, old_row_vocab_file=OLD_WORDS)
    tf.get_variable("m", [2, 3], initializer=load)


def assign_from(tf):
    w, p = _rows(tf, "w", [2, 3]), _rows(tf, "parts", [140, 2], 4)
    op, feeds = tf.contrib.framework.assign_from_checkpoint(V2, [w] + list(p))
    return [w, p], lambda session: session.run(op, feeds)


def assign_from_fn(tf):
    w, other = _rows(tf, "w", [3, 2]), _rows(tf, "other", [1])
    return [w, other], tf.contrib.framework.assign_from_checkpoint_fn(V2, [w, other], True, reshape_variables=True)


def assign_missing(tf):
    tf.contrib.framework.assign_from_checkpoint(V2, [_rows(tf, "other", [1])])


QUESTIONS = [
    by_name, by_scope, everything, parts, not_there, wrong_shape, scope_to_name, no_checkpoint, warm_all, warm_some,
    warm_listed, warm_unused, warm_words, warm_words_in_parts, warm_columns, warm_few_words, bad_axis, embedding,
    both_axes, one_file, assign_from, assign_from_fn, assign_missing,
]  # fmt: skip


def answer(tf, question):
    """Return the values of the variables, or the class of the error."""
    with tf.Graph().as_default(), tf.Session() as session:
        try:
            found = question(tf)
            variables, act = found if isinstance(found, tuple) else (found, None)
            session.run(tf.global_variables_initializer())
            if act is not None:
                act(session)
        except Exception as error:
            return type(error).__name__
        return [np.round(session.run(tf.convert_to_tensor(v)).astype(np.float64), 4).tolist() for v in variables or ()]


def main():
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow as tf

    tf.logging.set_verbosity(tf.logging.ERROR)
    for path, words in ((OLD_WORDS, "red blue green"), (NEW_WORDS, "blue black red white")):
        with open(path, "w") as out:
            out.write("\n".join(words.split()) + "\n")
    answers = {question.__name__: answer(tf, question) for question in QUESTIONS}
    with open(os.path.join(HERE, "starting.json"), "w") as out:
        json.dump(answers, out, sort_keys=True)
        out.write("\n")


if __name__ == "__main__":
    main()
