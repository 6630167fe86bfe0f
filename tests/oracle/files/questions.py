"""What tests/oracle/files asks of `tf.gfile`, the tutorials' MNIST reader and `tf.flags`, of whoever answers as `tf`.

Each question gets `tf` and runs in an empty folder; it returns something that JSON can hold.
"""

import gzip
import os
import struct
import zlib


def _fill(tf):
    with tf.gfile.GFile("a.txt", "w") as f:
        f.write("line1\nline2\n")
        f.write(b"line3")
    tf.gfile.MakeDirs("t/u/v")
    tf.gfile.MkDir("t/b")
    for name in ("t/f1", "t/u/f2", "t/a0"):
        open(name, "w").close()


def _said(f):
    """Return what `f` returns, or the class of its error."""
    try:
        return f()
    except Exception as error:
        return "raises " + type(error).__name__


def reading(tf):
    _fill(tf)
    g = tf.gfile.GFile

    def around():
        f = g("a.txt")
        f.seek(3)
        first, place = f.read(2), f.tell()
        f.seek(offset=-2, whence=2)
        last = f.read()
        f.seek(position=1)
        return [first, place, last, f.read(2)]

    return [
        _said(case)
        for case in [
            lambda: g("a.txt").read(),
            lambda: g("a.txt", "rb").read().decode(),
            lambda: g("a.txt").read(3),
            lambda: g("a.txt").read(0),
            lambda: g("a.txt").readlines(),
            lambda: list(g("a.txt")),
            lambda: g("a.txt").readline(),
            lambda: next(g("a.txt")),
            lambda: g("a.txt").size(),
            lambda: g("a.txt", "r+").read(),
            lambda: g("nope").name,
            lambda: g("nope").read(),
            lambda: g("nope").size(),
            lambda: g("t").read(),
            lambda: g("a.txt", "x"),
            lambda: g("a.txt", "rt"),
            lambda: g("a.txt").seek(),
            lambda: g("a.txt").seek(0, 7),
            around,
        ]
    ]


def writing(tf):
    _fill(tf)
    g = tf.gfile.GFile

    def more():
        f = g("a.txt", "a")
        f.write("+more")
        f.flush()
        before_close = g("a.txt").read()
        f.close()
        f.close()
        return before_close

    return [
        _said(case)
        for case in [
            more,
            lambda: g("a.txt").write("x"),
            lambda: g("c.txt", "w").read(),
            lambda: g("c.txt", "wb").write(3),
            lambda: g("nowhere/w.txt", "w").write("x"),
        ]
    ]


def folders(tf):
    _fill(tf)
    g = tf.gfile

    def walk(top, in_order):
        return [[where, sorted(inner), sorted(files)] for where, inner, files in g.Walk(top, in_order)]

    return [
        _said(case)
        for case in [
            lambda: g.MkDir("t"),
            lambda: g.MkDir("x/y/z"),
            lambda: g.MakeDirs("x/y/z"),
            lambda: g.MakeDirs("x/y/z"),
            lambda: sorted(g.ListDirectory(".")),
            lambda: g.ListDirectory("nope"),
            lambda: g.ListDirectory("a.txt"),
            lambda: sorted(g.Glob("*.txt")),
            lambda: sorted(g.Glob(["*.txt", "t*"])),
            lambda: g.Glob("zz*"),
            lambda: g.Glob("x/*/z"),
            lambda: [g.IsDirectory(name) for name in ("t", "a.txt", "nope")],
            lambda: [g.Exists(name) for name in ("t", "a.txt", "nope", b"a.txt")],
            lambda: [g.Stat("a.txt").length, g.Stat("a.txt").is_directory, g.Stat("t").is_directory],
            lambda: g.Stat("nope"),
            lambda: walk("t", True),
            lambda: walk("t", False),
            lambda: walk("t/", True),
            lambda: walk("nope", True),
        ]
    ]


def moving(tf):
    _fill(tf)
    g = tf.gfile
    return [
        _said(case)
        for case in [
            lambda: g.Copy("a.txt", "b.txt"),
            lambda: g.Copy("a.txt", "b.txt"),
            lambda: g.Copy("a.txt", "b.txt", overwrite=True),
            lambda: g.Copy("nope", "c.txt"),
            lambda: g.Copy("t", "c.txt"),
            lambda: g.Rename("b.txt", "a.txt"),
            lambda: g.Rename("b.txt", "r.txt"),
            lambda: g.Rename("nope", "s.txt"),
            lambda: g.Rename("r.txt", "a.txt", True),
            lambda: g.Remove("nope"),
            lambda: g.Remove("t"),
            lambda: g.DeleteRecursively("nope"),
            lambda: g.DeleteRecursively("a.txt"),
            lambda: g.DeleteRecursively("t"),
            lambda: g.Remove("a.txt"),
            lambda: [name for name in g.ListDirectory(".") if name != "c.txt"],  # TensorFlow leaves an empty one there
            lambda: tf.io.gfile.makedirs("v2"),
            lambda: tf.io.gfile.rename("v2", "v3"),
            lambda: tf.io.gfile.isdir("v3"),
            lambda: list(tf.io.gfile.walk("v3", topdown=False)),
        ]
    ]


TRAIN, TEST = 37, 11


def write_tiny_mnist():
    """Write MNIST's four files with small images of known bytes and labels that count up."""
    for name, count in [("train", TRAIN), ("t10k", TEST)]:
        pixels = bytes((7 * i) % 256 for i in range(count * 15))
        contents = {
            "images-idx3": struct.pack(">4I", 2051, count, 5, 3) + pixels,
            "labels-idx1": struct.pack(">2I", 2049, count) + bytes(range(count)),
        }
        for kind, data in contents.items():
            with gzip.open("%s-%s-ubyte.gz" % (name, kind), "wb") as f:
                f.write(data)


def _batches(read_data_sets, tf, graph_seed, **options):
    """Return what the reader gives: sizes, pixels and the labels of some batches, across the end of epochs."""
    tf.reset_default_graph()
    if graph_seed is not None:
        tf.set_random_seed(graph_seed)
    data = read_data_sets(".", validation_size=5, **options)
    sizes = [part.num_examples for part in data]
    pixels = [str(data.test.images.dtype), list(data.test.images.shape), zlib.crc32(data.test.images.tobytes())]
    steps = [(10, True)] * 5 + [(7, False)] * 6 + [(32, True)] * 2
    labels = []
    for size, shuffle in steps:
        labels.append([data.train.next_batch(size, shuffle=shuffle)[1].tolist(), data.train.epochs_completed])
    return [sizes, pixels, labels]


def mnist(tf, read_data_sets):
    write_tiny_mnist()
    return [
        _batches(read_data_sets, tf, 777),
        _batches(read_data_sets, tf, None, seed=3),
        _batches(read_data_sets, tf, 1, seed=3, reshape=False),
        _batches(read_data_sets, tf, 5, dtype=tf.uint8),
        _said(lambda: read_data_sets(".", validation_size=50)),
        _said(lambda: read_data_sets(".", validation_size=5, dtype=tf.int32)),
        read_data_sets(".", fake_data=True, one_hot=True).train.next_batch(2, fake_data=True)[1],
    ]


def operations(tf):
    """Files read, written and listed by nodes of the graph."""
    for name in ("a.txt", "b.txt", ".c.txt", "z.jpg", "a[1].txt", "sub/x.txt", "sub/deep/y.txt"):
        tf.gfile.MakeDirs(os.path.dirname(name) or ".")
        with open(name, "w") as out:
            out.write(name)
    name = tf.placeholder(tf.string)

    def run(fetch, fed=None):
        with tf.Session() as sess:
            found = sess.run(fetch, {name: "" if fed is None else fed})
        return found.decode() if isinstance(found, bytes) else None if found is None else [f.decode() for f in found]

    patterns = ["*.txt", "*", "sub/*", "*/*", "*/*.txt", "?.txt", "[ab].txt", "{a,b}.txt", "a.txt", "none*", "s*"]
    patterns += ["a[[]1].txt", "[!a]*", "sub/", "./*.jpg", "a\\[1\\].txt", ["b*", "*.txt", "a.txt"]]
    said = [run(tf.matching_files(pattern)) for pattern in patterns]
    cases = [
        lambda: run(tf.read_file("a.txt")),
        lambda: run(tf.read_file("none")),
        lambda: run(tf.read_file("sub")),
        lambda: run(tf.read_file("")),
        lambda: run(tf.read_file(["a.txt"])),
        lambda: run(tf.read_file(name), ["a.txt"]),
        lambda: run(tf.write_file("new/er/n.txt", b"\x00\xff")),
        lambda: run(tf.write_file("sub", "x")),
        lambda: run(tf.write_file("a.txt/x", "x")),
        lambda: run(tf.write_file("", "x")),
        lambda: run(tf.write_file("a.txt", ["x"])),
        lambda: run(tf.matching_files([["a.txt"]])),
    ]
    said += [_said(case) for case in cases]
    with open("new/er/n.txt", "rb") as written:
        said.append(list(bytearray(written.read())))
    return said


QUESTIONS = [reading, writing, folders, moving, operations]
