"""Questions to tf.contrib that need no graph: each function of tf gives plain facts, or an error's class."""

import io
import os
import pickle
import tempfile

TEXTS = ["The rose is a rose", "a Rose, isn't it? USA-made TFLearn", u"na\xefve \u5b57 42", ""]


def _hparams(tf, **more):
    first = {"rate": 0.1, "steps": 3, "name": "a", "on": True, "sizes": [4, 5], "words": ["x"], "none": None}
    return tf.contrib.training.HParams(**dict(first, **more))


def hparams_values(tf):
    h = _hparams(tf)
    return [h.values(), str(h), repr(h), h.to_json(sort_keys=True), "rate" in h, "q" in h, h.get("q", 7)]


def hparams_parse(tf):
    h = _hparams(tf)
    h.parse("rate=1e-3, steps=7,name=b c,on=false,sizes=[1, 2 3],words=[]")
    return h.values()


def hparams_override(tf):
    h = _hparams(tf)
    h.override_from_dict({"rate": 2, "none": 5}).set_from_map({"sizes": [9]})
    h.set_hparam("steps", 4)
    h.parse_json('{"on": false}')
    h.del_hparam("name")
    h.add_hparam("late", 1.5)
    h.set_model_structure("s")
    return [h.values(), type(h.rate).__name__, h.get_model_structure()]


def hparams_refused(tf):
    calls = [
        lambda h: h.parse("rate"), lambda h: h.parse("rate=x"), lambda h: h.parse("what=1"), lambda h: h.parse("on=2x"),
        lambda h: h.parse("rate=1,rate=2"), lambda h: h.parse("sizes[0]=3"), lambda h: h.parse("sizes=3"),
        lambda h: h.parse("steps=1.5"), lambda h: h.set_hparam("steps", 1.5), lambda h: h.set_hparam("steps", True),
        lambda h: h.set_hparam("on", 1), lambda h: h.set_hparam("name", 3), lambda h: h.set_hparam("rate", "2"),
        lambda h: h.set_hparam("sizes", 3), lambda h: h.set_hparam("rate", [1.0]), lambda h: h.set_hparam("what", 1),
        lambda h: h.add_hparam("rate", 1), lambda h: h.add_hparam("empty", []), lambda h: h.add_hparam("values", 1),
        lambda h: h.get("steps", 1.5), lambda h: h.get("steps", [1]), lambda h: h.get("what", [1]),
        lambda h: h.set_hparam("rate", 3), lambda h: h.set_hparam("none", "x"), lambda h: h.set_hparam("name", b"x"),
    ]  # fmt: skip
    return [_outcome(lambda call=call: call(_hparams(tf))) for call in calls]


def parse_values(tf):
    parse = tf.contrib.training.parse_values
    types = {"a": int, "b.c": str, "d": bool, "e": float}
    texts = ["a=1,b.c=x y,d=1,e=2", "a=[1,2],d=[true,0]", "a[2]=5,a[0]=1", "b.c=", "", "a = 3 ,e=4", "a=1,,e=2",
             "a=1;e=2", "a[1]=2,a[1]=3", "a[0]=[1]", "z=1", "a=1,a=[2]"]  # fmt: skip
    return [_outcome(lambda text=text: parse(text, types)) for text in texts] + [parse("z=1,a=2", types, True)]


def vocabulary(tf):
    learn = tf.contrib.learn.preprocessing
    p = learn.VocabularyProcessor(5)
    rows = [row.tolist() for row in p.fit_transform(TEXTS)]
    later = [row.tolist() for row in p.transform(["the new rose USA"])]
    back = list(p.reverse([[1, 2, 0], [3]]))
    return [rows, later, back, len(p.vocabulary_), p.vocabulary_.get("rose"), [list(t) for t in learn.tokenizer(TEXTS)]]


def vocabulary_of_the_frequent(tf):
    learn = tf.contrib.learn.preprocessing
    p = learn.VocabularyProcessor(4, min_frequency=1)
    rows = [row.tolist() for row in p.fit_transform(["b a c a b d", "b c d e"])]
    v = learn.CategoricalVocabulary("?")
    for word in ["a", "b", "b", "c", "c", "c"]:
        v.add(word)
    v.trim(1, 3)
    return [rows, [v.get(word) for word in "abc"], len(v), v.reverse(0), v.reverse(1)]


def vocabulary_kept(tf):
    learn = tf.contrib.learn.preprocessing
    p = learn.VocabularyProcessor(3)
    list(p.fit_transform(["x y", "y z"]))
    with tempfile.TemporaryDirectory() as folder:
        p.save(os.path.join(folder, "v"))
        again = learn.VocabularyProcessor.restore(os.path.join(folder, "v"))
    return [row.tolist() for row in again.transform(["z y q"])]


def processor_of_bytes(tf):
    p = tf.contrib.learn.preprocessing.ByteProcessor(6)
    rows = [row.tolist() for row in p.fit_transform([u"ab", u"\xe9\u5b57xy", b"12345678"])]
    return [rows, list(p.reverse(list(p.transform([u"ab\xe9"]))))]


def projector(tf):
    p = tf.contrib.tensorboard.plugins.projector
    config = p.ProjectorConfig()
    one = config.embeddings.add()
    one.tensor_name, one.metadata_path = "words", "labels.tsv"
    one.sprite.image_path = "sprite.png"
    one.sprite.single_image_dim.extend([28, 28])
    with tempfile.TemporaryDirectory() as folder, tf.Graph().as_default():
        p.visualize_embeddings(tf.summary.FileWriter(folder), config)
        with io.open(os.path.join(folder, "projector_config.pbtxt")) as file:
            return file.read()


def pickle_of_tensorflow(tf):
    """What TensorFlow's restore would read; asked only to keep the bytes."""
    p = tf.contrib.learn.preprocessing.VocabularyProcessor(3)
    list(p.fit_transform(["x y", "y z"]))
    return pickle.dumps(p, 2).decode("latin1")


def _outcome(call):
    try:
        result = call()
    except Exception as error:
        return type(error).__name__
    return result if isinstance(result, (dict, list, int, float)) else "fine"
