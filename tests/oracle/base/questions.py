"""Expressions that TensorFlow 1.15.5 and we evaluate alike, by subject.

They are Python 3.7: `ask.py` runs them in TensorFlow. `tf`, `np`, `D` (Dimension), `S` (TensorShape), `nest`, `device`,
`common_shapes`, `dtypes`, `errors` and what `HELPERS` defines are at hand.
"""

import collections
import hashlib
import json

import numpy as np

Point = collections.namedtuple("Point", "x y")


def words(text):
    """The parts of `text` between blanks."""
    return text.split()


def another_point(x, y):
    return collections.namedtuple("Point", "x y")(x, y)


HELPERS = {
    "collections": collections,
    "OrderedDict": collections.OrderedDict,
    "Point": Point,
    "another_point": another_point,
    "np": np,
}

TYPES = words(
    "float16 float32 float64 bfloat16 complex64 complex128 int8 int16 int32 int64 uint8 uint16 uint32 uint64 bool "
    "string qint8 quint8 qint16 quint16 qint32 resource variant"
)
FIELDS = words(
    "name base_dtype real_dtype is_floating is_integer is_unsigned is_complex is_bool is_quantized "
    "is_numpy_compatible as_datatype_enum size min max limits _is_ref_dtype _as_ref"
)


def dtype_questions():
    for name in TYPES:
        for field in FIELDS:
            yield "dtypes.%s.%s" % (name, field)
            if field not in ("min", "max", "limits"):
                yield "dtypes.%s_ref.%s" % (name, field)
        yield "np.dtype(dtypes.%s.as_numpy_dtype).str" % name
        yield "str(dtypes.%s), repr(dtypes.%s_ref), hash(dtypes.%s)" % (name, name, name)
    things = words(
        "1 101 0 24 100 124 -1 1.5 None [] () [('a',int)] float int bool str bytes object complex dict type(None) "
        "np.float32 np.float16 np.int8 np.uint64 np.bool_ np.complex64 np.longlong np.ulonglong np.uint np.intc "
        "np.str_ np.bytes_ np.void np.number np.floating np.generic np.datetime64 np.object_ np.dtype('f4') "
        "np.dtype('>f4') np.dtype('S3') np.dtype('U3') np.dtype('O') np.dtype('M8[s]') np.dtype([('a','i4')]) "
        "np.dtype([('qint8','i1')]) np.array(1) tf.float32 tf.qint32.as_numpy_dtype tf.bfloat16.as_numpy_dtype "
        "'float' 'double' 'half' 'float_ref' 'half_ref' 'double_ref' 'float32_ref' 'bool_ref' 'int' 'complex' "
        "'str' 'string' 'object' 'O' 'f4' '<f4' 'i4' 'b' 'qint8' 'resource' 'variant_ref' 'bfloat16' 'Float32' '' "
        "'foo' b'float32'"
    )
    for thing in things:
        yield "tf.as_dtype(%s)" % thing
        yield "tf.float32 == %s" % thing
        yield "tf.float32 != %s" % thing
        yield "tf.float32.is_compatible_with(%s)" % thing
    for thing in words("1 101 0 24 99 'a' '1' 1.0"):
        yield "tf.DType(%s)" % thing
    yield "tf.float32._as_ref.is_compatible_with(tf.float32)"
    yield "tf.float32.is_compatible_with(tf.float32._as_ref)"
    yield "tf.float32._as_ref == tf.float32"
    yield "tf.float32 < tf.int32"
    yield "tf.float32.nothing"
    yield "sorted(d.name for d in tf.QUANTIZED_DTYPES)"
    yield "{tf.float32: 1}[tf.as_dtype('float')]"
    yield "tf.int32 in (tf.float32, np.int32)"


def dimension_questions():
    values = words("0 1 3 None")
    others = words("D(0) D(1) D(2) D(3) D(None) 0 1 2 3 None -1 2.0 1.5 '2' 'a' True np.int64(2) [2] tf.float32")
    for a in values:
        for op in words("+ - * / // % < <= > >= == !="):
            for b in others:
                yield "D(%s) %s %s" % (a, op, b)
                if b in ("2", "None", "'a'", "1.5"):
                    yield "%s %s D(%s)" % (b, op, a)
        for b in others:
            yield "D(%s).merge_with(%s)" % (a, b)
            yield "D(%s).is_compatible_with(%s)" % (a, b)
            yield "D(%s).assert_is_compatible_with(%s)" % (a, b)
        for form in words("str(%s) repr(%s) int(%s) %s.value range(5)[%s] list(range(%s)) hash(%s) bool(%s) float(%s)"):
            yield form % ("D(%s)" % a)
        yield "np.zeros([D(%s), 2]).shape" % a
    for value in words(
        "-1 1.0 1.5 '7' 'x' True [1] (1,) {} np.int32(4) np.array(4) np.array([4]) np.float32(2.5) tf.int32"
    ):
        yield "D(%s)" % value
    yield "D(7) + 1 - 2 * D(2) // 2"
    yield "np.prod(S([2, 3]).as_list())"
    yield "int(np.prod([D(2), D(3)]))"
    yield "np.int64(3) * D(2) == 6"
    mixtures = words(
        "np.float32(2)*D(3) np.float32(2.5)*D(3) D(3)*np.float32(2) np.arange(3)*D(2) D(2)*np.arange(3) "
        "np.array([1,2])==D(2) np.array(D(2)).dtype '%d'%D(3) '%s'%D(3) '%d'%D(None) '{}'.format(D(None)) "
        "max(D(2),D(3)) sorted([D(2),D(1)]) sum([D(1),D(2)]) -D(2) abs(D(2)) D(2)**2 divmod(D(7),2) D(2)//0 "
        "D(2)%0 [1]*D(2) 'ab'*D(2) [5,6][D(1)] D(2)in[1,2] [1,None].index(D(1)) np.int32(D(3)) "
        "np.ones([2,3])[D(1),D(2)] {1:2}[D(1)] D(3)and(4) D(None)or(4) round(D(3))"
    )
    for mixture in mixtures:
        yield mixture


def shape_questions():
    shapes = words("None [] [3] [None] [2,3] [None,3] [2,None] [None,None] [2,3,4] [1,0]")
    forms = words(
        "str(%s) repr(%s) %s.ndims %s.rank %s.dims %s.as_list() %s.num_elements() %s.is_fully_defined() len(%s) "
        "bool(%s) %s.assert_is_fully_defined() list(%s) tuple(%s) hash(%s) [*%s] %s[0] %s[1] %s[-1] %s[5] %s[:] "
        "%s[1:] %s[:1] %s[:-1] %s[-2:] %s[::2] %s[1:2] %s['a'] %s[5:] %s==%s %s!=%s %s[:]==%s %s.dims==%s.dims"
    )
    for s in shapes:
        for form in forms:
            yield form.replace("%s", "S(%s)" % s)
        yield "2 in S(%s), None in S(%s)" % (s, s)
        yield "str(S(%s).as_proto())" % s
        yield "S(S(%s).as_proto())" % s
        yield "S(S(%s)) == S(%s)" % (s, s)
        yield "(lambda s: (s == s, s == S(s), s == s[:]))(S(%s))" % s
        yield "(lambda s: s != s)(S(%s))" % s
        for rank in (0, 1, 2):
            for method in words("assert_has_rank with_rank with_rank_at_least with_rank_at_most"):
                yield "S(%s).%s(%d)" % (s, method, rank)
        for t in shapes + ["3", "(2,3)", "'a'", "[2.5]", "[-1,3]"]:
            yield "S(%s) == %s" % (s, t)
            yield "S(%s) != %s" % (s, t)
            yield "S(%s) + %s" % (s, t)
            yield "%s + S(%s)" % (t, s)
            for method in words(
                "merge_with concatenate is_compatible_with assert_is_compatible_with assert_same_rank "
                "most_specific_compatible_shape"
            ):
                yield "S(%s).%s(%s)" % (s, method, t)
        for t in shapes:
            yield "common_shapes.broadcast_shape(S(%s), S(%s))" % (s, t)
            yield "common_shapes.is_broadcast_compatible(S(%s), S(%s))" % (s, t)
    makings = words(
        "3 0 -1 2.0 2.5 True '3' b'3' 'abc' ['3'] ['a'] [-1] [2.0] [2.5] (1,None) [[1]] [D(2),None,3] D(2) "
        "D(None) iter([1,2]) range(3) {1:2} {2} np.array([2,3]) np.array(2) np.int64(5) tf.float32 [tf.float32] "
        "[1,tf.int32] np.array([2.0]) np.array([[1,2]]) [None,'x'] object()"
    )
    for making in makings:
        yield "S(%s)" % making
        yield "tensor_shape.as_shape(%s)" % making
    for made in words(
        "unknown_shape() unknown_shape(2) unknown_shape(rank=1) unknown_shape(ndims=3) unknown_shape(foo=3)"
    ):
        yield "tensor_shape.%s" % made
    yield "S()"
    for at in words("D(3) D(None) 3 None 'a'"):
        yield "tf.dimension_value(%s)" % at
    for args in words("S([1,None]),0 S([1,None]),1 S([1,None]),2 S(None),7 [1],0"):
        yield "tf.dimension_at_index(%s)" % args
    yield "np.zeros(S([2, 3])).shape"
    yield "np.prod(S([2, 3]))"
    yield "np.array(S([2, 3])).tolist()"
    yield "np.full(S([2, 1]), 3.0)"
    yield "np.random.rand(*S([2, 3])).shape"
    yield "np.broadcast_to(1, S([2, 3])).shape"
    yield "S([2, 3]) == np.zeros([2, 3]).shape"
    yield "np.zeros([2, 3]).shape == S([2, 3])"
    yield "(2,) + S([3])"
    yield "[2] + S([3]).as_list()"
    yield "__import__('copy').deepcopy(S([2, None]))"
    yield "__import__('pickle').loads(__import__('pickle').dumps(S([2, None])))"
    yield "np.reshape(np.arange(6), S([2, 3])).shape"
    yield "[d.value for d in S([2, None])]"


NESTS = words(
    "3 None 'ab' [] () {} [1] (1,) [1,2] [1,[2,3]] (1,(2,3)) [(1,2),3] {'b':1,'a':2} {'a':1,'b':2} {'a':1,'c':2} "
    "{'a':[1,2],'b':3} OrderedDict([('b',1),('a',2)]) Point(1,2) Point([1],2) another_point(1,2) [[],[1]] "
    "range(2) {1,2} np.ones(2) collections.deque([1,2]) [None,'x'] {'a':1}.values() {1:2,'a':3} "
    "[{'a':(1,2)},[Point(3,4)]] bytearray(b'ab') b'ab' (x for x in 'ab') S([1,2]) D(2) "
    "collections.defaultdict(list,a=1,b=2) frozenset([1])"
)


def nest_questions():
    double = "lambda *xs: sum(xs, 0)"
    # Python 3.7's split leaves the generator in pieces; ask about whole expressions only.
    nests = [n for n in NESTS if _whole(n)]
    for n in nests:
        yield "nest.is_sequence(%s)" % n
        yield "nest.flatten(%s)" % n
        yield "nest.pack_sequence_as(%s, nest.flatten(%s))" % (n, n)
        yield "nest.pack_sequence_as(%s, [7, 8])" % n
        yield "nest.pack_sequence_as([1, 2], %s)" % n
        yield "list(nest.yield_flat_paths(%s))" % n
        yield "nest.flatten_with_joined_string_paths(%s)" % n
        yield "nest.flatten_with_tuple_paths(%s)" % n
        yield "nest.map_structure(%s, %s)" % (double, n)
        yield "nest.map_structure(%s, %s, %s)" % (double, n, n)
        yield "nest.map_structure(%s, %s, [1, 2], check_types=False)" % (double, n)
        yield "nest.map_structure_with_paths(lambda p, x: p, %s)" % n
        yield "nest.map_structure_with_tuple_paths(lambda p, x: p, %s)" % n
        for m in nests:
            if "{1:2,'a':3}" in (m, n):
                continue  # TensorFlow crashes
            yield "nest.assert_same_structure(%s, %s)" % (n, m)
            yield "nest.assert_same_structure(%s, %s, check_types=False)" % (n, m)
        for m in words("0 [0,0] (0,0) {'a':0} {'a':0,'b':0} [0,[0,0]] Point(0,0) [0]"):
            yield "nest.flatten_up_to(%s, %s)" % (m, n)
            yield "nest.flatten_up_to(%s, %s, check_types=False)" % (m, n)
            yield "nest.flatten_up_to(%s, %s, check_subtrees_length=False)" % (m, n)
    yield "nest.map_structure(3, [1])"
    yield "nest.map_structure(%s)" % double
    yield "nest.map_structure_up_to([0, 0], lambda x: x, [[1], 2])"
    yield "nest.map_structure_up_to([0, 0], lambda x, y: [x, y], [[1], 2], [3, [4, 5]])"
    yield "nest.map_structure_up_to([0, 0], lambda x: x)"
    yield "nest.map_structure_up_to([0, 0], lambda x: x, [1])"
    yield "nest.map_structure_with_tuple_paths_up_to({'a': 0}, lambda p, x: (p, x), {'a': [1, 2]})"
    yield "nest.map_structure_with_paths(lambda p, x, k: (p, x + k), [1, {'a': 2}], k=1)"
    dicts = words(
        "{} 3 {(4,5,(6,8)):('a','b',('c','d'))} {1:2} {(1,2):(3,)} {(1,2):(3,4),1:5} {'ab':'cd'} {('a','a'):(1,2)}"
    )
    for d in dicts:
        yield "nest.flatten_dict_items(%s)" % d
    for f in (
        "lambda s: True",
        "lambda s: False",
        "lambda s: isinstance(s, list)",
        "lambda s: 3",
        "lambda s: [True, False]",
    ):
        for n in words("[1,[2,3]] 3 {'a':[1],'b':(2,)} [[1,2],3]"):
            yield "nest.get_traverse_shallow_structure(%s, %s)" % (f, n)


def _whole(text):
    try:
        compile(text, "question", "eval")
    except SyntaxError:
        return False
    return True


def device_questions():
    specs = words(
        "'' None '/gpu:0' '/GPU:1' '/cpu:0' '/CPU' '/gpu' 'gpu:0' '/gpu:*' '/device:GPU:0' '/device:gpu:0' "
        "'/device:CPU:*' '/device:XLA_GPU:0' '/device:Cpu:0' '/device:GPU' '/device:GPU:0:1' '/job:ps' "
        "'/job:worker/task:1' '/job:worker/replica:2/task:1/device:GPU:3' '/job:w/gpu:0' '/task:a' '/gpu:x' "
        "'/foo' '/foo:1' '/job' '/job:' '/gpu:0/cpu:0' '/gpu:0/device:GPU:0' '/job:a/job:b' '/task:1/job:a' "
        "'//gpu:0//' '/cpu:0:1' 'abc' ':' 3"
    )
    for spec in specs:
        yield "device.canonical_name(%s)" % spec
        yield "tf.DeviceSpec.from_string(%s)" % spec
        yield "tf.DeviceSpec(job='j', device_type='CPU', device_index=4).parse_from_string(%s)" % spec
    for args in (
        "",
        "job='w'",
        "job=3",
        "replica='1', task=2",
        "device_type='gpu'",
        "device_type='Gpu', device_index=1",
        "device_index=2",
        "device_type='CPU', device_index='0'",
        "task='x'",
        "job='a', replica=0, task=0, device_type='GPU', device_index=0",
    ):
        spec = "tf.DeviceSpec(%s)" % args
        yield spec
        yield "(lambda s: (s.job, s.replica, s.task, s.device_type, s.device_index))(%s)" % spec
        yield "hash(%s) == hash(%s)" % (spec, spec)
        yield "%s == tf.DeviceSpec()" % spec
        yield "%s == %s.to_string()" % (spec, spec)
        yield "%s.replace(task=7)" % spec
        yield "%s.replace(foo=7)" % spec
    parts = [
        "''",
        "'/job:a'",
        "'/job:b/task:1'",
        "'/gpu:0'",
        "'/gpu:*'",
        "'/cpu:1'",
        "'/job:c/device:CPU:2'",
        "'/replica:3'",
    ]
    for a in parts:
        for b in parts:
            yield "tf.DeviceSpec.from_string(%s).make_merged_spec(tf.DeviceSpec.from_string(%s))" % (a, b)
            yield "(lambda s: (s.merge_from(tf.DeviceSpec.from_string(%s)), s))(tf.DeviceSpec.from_string(%s))" % (b, a)
            yield "merged(%s, %s)" % (a, b)


def error_questions():
    codes = words(
        "OK CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED "
        "RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS "
        "UNAUTHENTICATED"
    )
    for code in codes:
        yield "errors.%s" % code
        yield "errors.exception_type_from_error_code(errors.%s).__name__" % code
        if code != "OK":
            cls = "errors.exception_type_from_error_code(errors.%s)" % code
            yield "errors.error_code_from_exception_type(%s)" % cls
            yield "(lambda e: (e.node_def, e.op, e.message, e.error_code, str(e)))(%s(None, None, 'why'))" % cls
            yield "[c.__name__ for c in %s.__mro__]" % cls
    yield "errors.exception_type_from_error_code(99)"
    yield "errors.error_code_from_exception_type(errors.OpError)"
    yield "errors.error_code_from_exception_type(ValueError)"
    yield "[c.__name__ for c in errors.OperatorNotAllowedInGraphError.__mro__]"
    yield "errors.UnknownError(None, None, 'why', 44).error_code"
    yield "errors.OpError(None, None, 'why', 44).error_code"
    for name in words("DEBUG INFO WARN ERROR FATAL"):
        yield "logging.%s" % name
    yield "logging.get_verbosity()"


SUBJECTS = {
    "dtypes": dtype_questions,
    "dimension": dimension_questions,
    "shape": shape_questions,
    "nest": nest_questions,
    "device": device_questions,
    "errors_and_logging": error_questions,
}


def show(value):
    """A value as a text that does not depend on the versions of Python and NumPy."""
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    if type(value).__name__ == "bfloat16" or isinstance(value, (float, np.floating)):
        return "%.6g" % float(value)
    if type(value) in (list, tuple):
        return "%s(%s)" % (type(value).__name__, ", ".join(map(show, value)))
    if isinstance(value, dict):
        items = ", ".join("%s: %s" % (show(k), show(v)) for k, v in value.items())
        return "%s(%s)" % (type(value).__name__, items)
    if isinstance(value, tuple):
        return "%s(%s)" % (type(value).__name__, ", ".join(map(show, value)))
    if isinstance(value, np.ndarray):
        return "array(%s)" % value.tolist()
    if type(value).__name__.startswith("DeviceSpec"):
        return "DeviceSpec(%s)" % value.to_string()
    if type(value).__name__ == "deque":
        return "deque(%s)" % show(list(value))
    if type(value).__name__.startswith("dict_"):
        return "view(%s)" % show(list(value))
    return repr(value)


def answer(question, names):
    """What `question` evaluates to, or the class of what it raises."""
    try:
        return show(eval(question, dict(names)))
    except Exception as error:
        return "! " + type(error).__name__


def answers(names):
    """Every question's answer, by subject."""
    names = {**HELPERS, **names}
    return {
        subject: {question: answer(question, names) for question in dict.fromkeys(questions())}
        for subject, questions in SUBJECTS.items()
    }


def digest(subject):
    """Tells whether a record answers the questions that stand here today."""
    text = "\n".join(dict.fromkeys(SUBJECTS[subject]()))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def pack(table):
    """The table as compact JSON: the questions are made again, and each answer stands there once."""
    packed = {}
    for subject, rows in table.items():
        texts = sorted(set(rows.values()))
        number = {text: i for i, text in enumerate(texts)}
        order = " ".join(str(number[text]) for text in rows.values())
        packed[subject] = {"questions": digest(subject), "answers": texts, "order": order}
    return json.dumps(packed, indent=0)


def unpack(text):
    """The reverse of `pack`."""
    table = {}
    for subject, record in json.loads(text).items():
        if record["questions"] != digest(subject):
            raise ValueError("the questions about %s have changed: run ask.py in TensorFlow again" % subject)
        order = map(int, record["order"].split())
        table[subject] = {q: record["answers"][i] for q, i in zip(dict.fromkeys(SUBJECTS[subject]()), order)}
    return table
