"""Functions of the graph: `Defun`, `defun` and `tf.function`; their gradients, effects and random numbers."""

import functools
import importlib

import numpy as np


def _defun(tf, *types, **options):
    ours = tf.__name__ == "defrun"
    module = "defrun.functions.defined" if ours else "tensorflow.python.framework.function"
    return importlib.import_module(module).Defun(*types, **options)


X = np.float32([[1.0, 2.0], [3.0, -4.0]])


def defun_called(tf, run):
    @_defun(tf, tf.float32, tf.float32)
    def f(x, y):
        return x + 2.0 * y, tf.matmul(x, y)

    x = tf.placeholder(tf.float32, [2, 2])
    both = f(x, x * x)
    return run(both, {x: X}), [t.shape.ndims for t in both], type(both).__name__


def defun_gradient(tf, run):
    @_defun(tf, tf.float32, tf.float32)
    def f(x, y):
        return tf.sin(x) * y, tf.matmul(x, y)

    x = tf.placeholder(tf.float32, [2, 2])
    a, b = f(x, x * x)
    return run([tf.gradients(a, x), tf.gradients([a, b], x), tf.gradients(f(x, tf.ones([2, 2]))[1], x)], {x: X})


def defun_python_gradient(tf, run):
    @_defun(tf, tf.float32, python_grad_func=lambda op, dy: dy * 7.0 * op.inputs[0])
    def f(x):
        return tf.sin(x)

    x = tf.placeholder(tf.float32, [2, 2])
    return run(tf.gradients(f(x), x), {x: X})


def defun_function_of_gradient(tf, run):
    defun = functools.partial(_defun, tf)

    @defun(tf.float32, tf.float32)
    def slope(x, dy):
        return dy * 5.0 + x

    @defun(tf.float32, grad_func=slope)
    def f(x):
        return tf.sin(x)

    x = tf.placeholder(tf.float32, [2, 2])
    return run(tf.gradients(f(x) * 2.0, x), {x: X})


def defun_overloaded(tf, run):
    @_defun(tf, func_name="twice")
    def f(x):
        return x + x

    made = [f(tf.constant(2.0)), f(tf.constant(3)), f(tf.constant(4.0))]
    return run(made), [t.op.type for t in made], [t.name for t in made]


def defun_named(tf, run):
    @_defun(tf, tf.float32, func_name="Squared", out_names=["squared"], shape_func=lambda op: [op.inputs[0].shape])
    def f(x):
        return x * x

    y = f(tf.constant([3.0, 4.0]), name="called")
    return run(y), y.name, y.op.type, y.shape.as_list()


def defun_named_like_an_op(tf, run):
    @_defun(tf, tf.float32, func_name="Square")
    def f(x):
        return x * x

    return f(tf.constant([3.0, 4.0]))


def defun_captures(tf, run):
    outside = tf.constant([1.0, 2.0])

    @_defun(tf, tf.float32)
    def f(x):
        return x * outside

    x = tf.placeholder(tf.float32, [2])
    y = f(x)
    return run([y, tf.gradients(y, [x, outside])], {x: [5.0, 6.0]}), len(y.op.inputs)


def defun_without_result(tf, run):
    @_defun(tf, tf.float32)
    def f(x):
        tf.Assert(tf.reduce_all(x > 0.0), [x])

    node = f(tf.constant([1.0]))
    return type(node).__name__, run(node)


def defun_effect_fails(tf, run):
    @_defun(tf, tf.float32)
    def f(x):
        with tf.control_dependencies([tf.Assert(tf.reduce_all(x > 0.0), [x])]):
            return tf.identity(x)

    return run(f(tf.constant([-1.0])))


def defun_wrong_count(tf, run):
    @_defun(tf, tf.float32)
    def f(x):
        return x

    return f(tf.constant(1.0), tf.constant(1.0))


def defun_wrong_type(tf, run):
    @_defun(tf, tf.float32)
    def f(x):
        return x

    return f(tf.constant(1))


def defun_with_defaults(tf, run):
    @_defun(tf, tf.float32)
    def f(x=1.0):
        return x


def defun_wrong_types(tf, run):
    @_defun(tf, tf.float32, tf.float32)
    def f(x):
        return x


def defun_calls_another(tf, run):
    defun = functools.partial(_defun, tf)

    @defun(tf.float32)
    def f(x):
        return tf.exp(x)

    @defun(tf.float32)
    def g(x):
        return f(x) * f(2.0 * x)

    x = tf.placeholder(tf.float32, [2, 2])
    return run([g(x), tf.gradients(g(x), x)], {x: X})


def structures(tf, run):
    @tf.contrib.eager.defun
    def f(x, more, scale=2.0):
        return {"sum": x + more[0], "pair": (more[1] * scale, None)}

    x = tf.placeholder(tf.float32, [2, 2])
    made = f(x, [x, x * x])
    again = f(x, [x, x], scale=3.0)
    return run([made["sum"], made["pair"][0], again["pair"][0]], {x: X}), made["pair"][1], made["sum"].name


def names_and_shapes(tf, run):
    f = tf.function(lambda x: tf.reduce_sum(x, 1))
    x = tf.placeholder(tf.float32, [None, 3])
    with tf.name_scope("inside"):
        y = f(x)
    return y.name, y.shape.as_list(), y.op.type, [str(s) for s in f(tf.zeros([2, 3])).shape.as_list()]


def runs_python_once(tf, run):
    calls = []

    @tf.contrib.eager.defun
    def f(x):
        calls.append(x.shape.as_list())
        return x

    for shape in ([2], [2], [3]):
        f(tf.zeros(shape))
    f(tf.zeros([2], tf.int32))
    return calls


def python_arguments(tf, run):
    calls = []

    @tf.function
    def f(x, n):
        calls.append(n)
        for _ in range(n):
            x = x * 2.0
        return x

    return run([f(tf.constant(1.0), n) for n in (1, 3, 1)]), calls


def gradients_of_function(tf, run):
    @tf.contrib.eager.defun
    def f(x, y):
        return tf.tanh(x) * y, tf.reduce_sum(x)

    x = tf.placeholder(tf.float32, [2, 2])
    a, b = f(x, x)
    first = tf.gradients(a * b, x)[0]
    return run([first, tf.gradients(first, x)[0], tf.gradients(b, x)[0]], {x: X})


def function_in_a_function(tf, run):
    @tf.function
    def f(x):
        return tf.exp(x)

    @tf.function
    def g(x):
        return f(x) + f(x * 2.0)

    x = tf.placeholder(tf.float32, [2, 2])
    return run([g(x), tf.gradients(g(x), x)], {x: X})


def captured_tensors(tf, run):
    outside = tf.placeholder(tf.float32, [2])

    @tf.function
    def f(x):
        return x * outside + outside

    x = tf.constant([5.0, 6.0])
    return run([f(x), tf.gradients(f(x), [x, outside])], {outside: [1.0, 2.0]})


def variables_captured(tf, run):
    w = tf.get_variable("w", initializer=[1.0, 2.0], use_resource=True)

    @tf.contrib.eager.defun
    def f(x):
        return w * x

    x = tf.constant([3.0, 4.0])
    y = f(x)
    fetches = [y, tf.gradients(y, [w, x])]
    run(tf.global_variables_initializer())
    return run(fetches), y.op.type


def variables_given(tf, run):
    w = tf.get_variable("w", initializer=[1.0, 2.0], use_resource=True)
    v = tf.get_variable("v", initializer=[3.0, 5.0], use_resource=True)

    @tf.contrib.eager.defun
    def f(x, a):
        return x * a * w

    run(tf.global_variables_initializer())
    x = tf.constant([2.0, 2.0])
    return run([f(v, x), f(w, x), tf.gradients(f(v, x), [w, v])])


def variables_updated_in_order(tf, run):
    w = tf.get_variable("w", initializer=[1.0, 2.0], use_resource=True)

    @tf.contrib.eager.defun
    def f(x):
        before = w.read_value()
        w.assign_add(x)
        middle = w.read_value()
        w.assign(w * 10.0)
        return before, middle, w.read_value()

    run(tf.global_variables_initializer())
    return run(f(tf.constant([1.0, 1.0]))), run(w)


def variables_made_inside(tf, run):
    @tf.contrib.eager.defun
    def f(x):
        with tf.variable_scope("inside", reuse=tf.AUTO_REUSE):
            w = tf.get_variable("w", initializer=tf.ones_initializer(), shape=[2])
        return w * x

    x = tf.constant([3.0, 4.0])
    y, z = f(x), f(2.0 * x)
    run(tf.global_variables_initializer())
    return run([y, z]), [v.name for v in tf.trainable_variables()]


def lookups_inside(tf, run):
    w = tf.get_variable("w", initializer=[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], use_resource=True)

    @tf.contrib.eager.defun
    def f(i):
        return tf.nn.embedding_lookup(w, i)

    y = f(tf.constant([2, 0, 2]))
    (gradient,) = tf.gradients(y, [w])
    dense = tf.convert_to_tensor(gradient)
    run(tf.global_variables_initializer())
    return run([y, dense]), type(gradient).__name__


def assertion_inside(tf, run):
    @tf.function
    def f(x):
        tf.debugging.assert_positive(x)
        return x * 2.0

    return run(f(tf.constant([-1.0])))


def random_numbers(tf, run):
    tf.set_random_seed(3)

    @tf.contrib.eager.defun
    def f(x):
        return tf.random_uniform([2]) + x, tf.random_normal([2], seed=5)

    x = tf.zeros([2])
    once, twice = f(x), f(x)
    after = tf.random_uniform([2])
    return [run([once, twice, after]), run([once, after])]


def random_numbers_of_defun(tf, run):
    @_defun(tf, tf.float32)
    def f(x):
        return tf.random_uniform([2], seed=4) + x

    once = f(tf.zeros([2]))
    return [run(once) for _ in range(3)]


def branches_inside(tf, run):
    @tf.function
    def f(x, p):
        return tf.cond(p, lambda: x * x, lambda: x + 1.0)

    x, p = tf.placeholder(tf.float32, [2]), tf.placeholder(tf.bool, [])
    y = f(x, p)
    g = tf.gradients(y, x)
    return [run([y, g], {x: [3.0, 4.0], p: way}) for way in (True, False)]


def loops_inside(tf, run):
    @tf.function
    def f(x, n):
        return tf.while_loop(lambda i, v: i < n, lambda i, v: (i + 1, v * x), [0, x])[1]

    x, n = tf.placeholder(tf.float32, [2]), tf.placeholder(tf.int32, [])
    return run(f(x, n), {x: [3.0, 4.0], n: 3})


def called_in_a_branch(tf, run):
    @tf.function
    def f(x):
        return tf.exp(x)

    x = tf.placeholder(tf.float32, [2])
    y = tf.cond(x[0] > 0.0, lambda: f(x), lambda: f(f(x)))
    return [run([y, tf.gradients(y, x)], {x: v}) for v in ([1.0, 2.0], [-1.0, 2.0])]


def methods(tf, run):
    class Model:
        def __init__(self, scale):
            self.scale = scale

        @tf.function
        def __call__(self, x):
            return x * self.scale

        @tf.contrib.eager.defun
        def other(self, x, y):
            return x * self.scale + y

    x = tf.constant(3.0)
    a, b = Model(2.0), Model(5.0)
    return run([a(x), b(x), a.other(x, x), b.other(x, y=x)])


def signature(tf, run):
    calls = []

    @tf.function(input_signature=[tf.TensorSpec([None, 2], tf.float32)])
    def f(x):
        calls.append(x.shape.as_list())
        return tf.reduce_sum(x, 0)

    made = [f(tf.ones([n, 2])) for n in (1, 3)]
    return run(made), calls


def signature_refuses(tf, run):
    f = tf.function(lambda x: x, input_signature=[tf.TensorSpec([None, 2], tf.float32)])
    return f(tf.ones([2, 3]))


def signature_counts(tf, run):
    f = tf.function(lambda x: x, input_signature=[tf.TensorSpec([None, 2], tf.float32)])
    return f()


def concrete(tf, run):
    @tf.function
    def f(x):
        return {"y": x * 2.0}

    made = f.get_concrete_function(tf.TensorSpec([2], tf.float32))
    called = made(tf.constant([1.0, 2.0]))
    return run(called), made.structured_outputs["y"].shape.as_list(), len(made.inputs)


def feeds_and_fetches(tf, run):
    f = tf.function(lambda x: (x + 1.0, x * 2.0))
    x = tf.constant(3.0)
    y, z = f(x)
    return run([y + z], {y: 10.0}), run([y, z], {x: 1.0})


def empty_list(tf, run):
    f = tf.function(lambda: tf.constant([1.0, 2.0]))
    return run(f())


def recomputed_gradient(tf, run):
    tf.get_variable_scope().set_use_resource(True)
    f = tf.recompute_grad(lambda x, y: tf.tanh(x) * y)
    x = tf.placeholder(tf.float32, [2, 2])
    y = f(x, x * x)
    return run([y, tf.gradients(y, x)], {x: X})


def recomputed_with_variables(tf, run):
    tf.get_variable_scope().set_use_resource(True)

    @tf.recompute_grad
    def f(x):
        with tf.variable_scope("inside", reuse=tf.AUTO_REUSE):
            w = tf.get_variable("w", initializer=[2.0, 3.0])
        return tf.sin(x * w)

    x = tf.placeholder(tf.float32, [2, 2])
    y = f(x)
    fetches = [y, tf.gradients(y, [x, *tf.trainable_variables()])]
    run(tf.global_variables_initializer())
    return run(fetches, {x: X})
