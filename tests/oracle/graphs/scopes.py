"""Graphs about names, scopes, control edges, devices and collections. Each: build(tf) adds nodes, may return facts."""


def build_name_scopes(tf):
    with tf.name_scope("a") as a:
        tf.constant(1.0)
        with tf.name_scope("b"):
            tf.constant(1.0, name="c")
            tf.constant(1.0, name="c")
        with tf.name_scope("b") as b:
            tf.constant(1.0, name="c")
    with tf.name_scope("a"):
        tf.constant(2.0)
    with tf.name_scope(a):
        tf.constant(3.0)
        tf.constant(3.0, name="x/y")
    with tf.name_scope(None):
        tf.constant(4.0)
        with tf.name_scope("a"):
            tf.constant(5.0)
    with tf.name_scope("d"), tf.name_scope(None):
        tf.constant(6.0)
    with tf.name_scope("d"), tf.name_scope(""):
        tf.constant(7.0)
    with tf.name_scope(b):
        tf.constant(8.0)
    return [a, b]


def build_name_scope_defaults(tf):
    with tf.name_scope(None, "Default", [tf.constant(1.0)]) as scope:
        tf.constant(1.0)
    with tf.name_scope("mine", "Default") as other:
        tf.constant(1.0)
    with tf.name_scope(None, default_name="Default") as third:
        tf.add(1.0, 2.0)
    return [scope, other, third]


def build_unique_names(tf):
    g = tf.get_default_graph()
    for name in ("x", "x", "x_1", "X", "x", "y_1", "y", "y", "x/z", "x/z", "s/"):
        tf.constant(1.0, name=name)
    names = [g.unique_name("x"), g.unique_name("new"), g.unique_name("new"), g.unique_name("x", mark_as_used=False)]
    with g.name_scope("in"):
        names += [g.unique_name("new"), g.unique_name("x", mark_as_used=False)]
    with tf.name_scope("x"):
        tf.constant(1.0)
    names.append(tf.get_default_graph().get_name_scope())
    with tf.name_scope("p"), tf.name_scope("q"):
        names.append(tf.get_default_graph().get_name_scope())
    return names


def build_names_of_nested_ops(tf):
    x = tf.placeholder(tf.float32, [2, 3], "x")
    tf.reduce_mean(tf.reduce_sum(tf.square(x - 1.0), axis=1), name="loss")
    tf.nn.moments(x, [0], name="m")
    tf.reduce_logsumexp(x, 1, name="r")
    tf.nn.softmax(x, name="probs")
    tf.reshape(x, [-1], "flat")
    with tf.name_scope("layer"):
        tf.nn.relu(tf.matmul(x, tf.ones([3, 2])) + 0.5, name="out")


def build_control_dependencies(tf):
    a, b = tf.constant(1.0, name="a"), tf.constant(2.0, name="b")
    with tf.control_dependencies([a]):
        tf.constant(1.0)
        tf.identity(a)
        a + b
        with tf.control_dependencies([b.op, a]):
            c = tf.constant(3.0, name="c")
            with tf.control_dependencies(None):
                tf.constant(4.0)
                with tf.control_dependencies([c]):
                    tf.constant(5.0)
            tf.no_op()
    with tf.control_dependencies([]):
        tf.constant(6.0)
    with tf.control_dependencies([a]), tf.control_dependencies([c]):
        d = c * 2.0
        d + a
        tf.Variable(1.0)
    with tf.control_dependencies([tf.Variable(1.0, name="v").initializer]):
        tf.identity(d, name="after")
    with tf.get_default_graph().control_dependencies([d]):
        tf.zeros([2])


def build_control_dependencies_redundant(tf):
    """Control inputs that a data path already implies are left out, inside the scope only."""
    a, b = tf.constant(1.0, name="a"), tf.constant(2.0, name="b")
    with tf.control_dependencies([a, b]):
        x = tf.identity(a, name="x")
        y = tf.identity(x, name="y")
        tf.add(y, b, name="z")
        with tf.control_dependencies([y]):
            tf.identity(y, name="yy")
            tf.identity(b, name="bb")


def build_control_dependencies_on_variables(tf):
    w, r = tf.Variable(1.0, name="w"), tf.Variable(1.0, name="r", use_resource=True)
    with tf.control_dependencies([w, r]):
        tf.no_op(name="n")
        tf.identity(w)
        r.read_value()
        w + 1.0, r + 1.0
    with tf.control_dependencies([w.assign(2.0), r.assign(2.0)]):
        w.read_value()
        r.read_value()
        tf.identity(w, name="iw")
        tf.identity(r, name="ir")


def build_group_tuple(tf):
    a, b = tf.constant(1.0, name="a"), tf.constant(2.0, name="b")
    tf.group(a, b)
    tf.group([a, b], name="g")
    tf.group()
    tf.group(a.op, tf.group(b))
    tf.tuple([a, b])
    tf.tuple([a, None, b], name="t", control_inputs=[a.op])
    tf.tuple([tf.IndexedSlices(tf.ones([1, 2]), tf.constant([0])), a])
    w = tf.Variable(1.0)
    tf.group(w.assign(2.0), w.assign_add(1.0))
    tf.no_op()
    tf.no_op("named")


def build_group_devices(tf):
    with tf.device("/cpu:0"):
        a = tf.constant(1.0)
    with tf.device("/cpu:1"):
        b = tf.constant(1.0)
    c = tf.constant(1.0)
    tf.group(a, b)
    tf.group(a, b, c, name="three")
    tf.group(a)


def build_identities_in_scopes(tf):
    x = tf.placeholder(tf.float32, [2], "x")
    tf.identity(x)
    tf.identity(1.0, name="i")
    tf.stop_gradient(x)
    tf.identity_n([x, 1])
    tf.guarantee_const(x)
    tf.identity([1, 2])


def build_devices(tf):
    with tf.device("/cpu:0"):
        tf.constant(1.0)
        with tf.device("/device:GPU:1"):
            tf.constant(1.0)
        with tf.device("/job:ps"):
            tf.constant(1.0)
            with tf.device("/task:3/gpu:0"):
                tf.constant(1.0)
        with tf.device(None):
            tf.constant(1.0)
        with tf.device(""):
            tf.constant(1.0)
    with tf.device("cpu"):
        tf.Variable(1.0)
    with tf.device(tf.DeviceSpec(job="worker", task=2, device_type="GPU", device_index=0)):
        tf.constant(1.0)
    with tf.device("/job:worker/replica:0/task:1/device:CPU:0"):
        tf.constant(1.0)


def build_device_functions(tf):
    def choose(op):
        return "/gpu:0" if op.type == "MatMul" else "/cpu:0"

    with tf.device(choose):
        tf.matmul(tf.ones([2, 2]), tf.ones([2, 2]))
        with tf.device("/job:w"):
            tf.constant(1.0)
    with tf.device("/gpu:1"), tf.device(choose):
        tf.constant(1.0)


def build_replica_device_setter(tf):
    with tf.device(tf.train.replica_device_setter(ps_tasks=2)):
        v = tf.Variable(1.0)
        tf.Variable(2.0) + v


def build_colocate(tf):
    with tf.device("/gpu:0"):
        a = tf.constant(1.0, name="a")
    b = tf.constant(2.0, name="b")
    with tf.colocate_with(a):
        tf.constant(3.0)
        with tf.colocate_with(b.op):
            c = tf.constant(4.0, name="c")
        with tf.colocate_with(b, ignore_existing=True):
            tf.constant(5.0)
        with tf.device("/cpu:0"):
            tf.constant(6.0)
    with tf.colocate_with(c):
        tf.constant(7.0)
    w = tf.Variable(1.0, name="w")
    with tf.colocate_with(w):
        tf.constant(8.0)
    with tf.get_default_graph().colocate_with(w.op):
        tf.Variable(9.0)


def build_attr_scopes(tf):
    g = tf.get_default_graph()
    with g.container("box"):
        tf.Variable(1.0)
        tf.Variable(1.0, use_resource=True)
    with g.gradient_override_map({"Square": "Identity"}), g._attr_scope({"_mine": tf.AttrValue(s=b"x")}):
        tf.square(1.0)
    with g.gradient_override_map({"Square": "Identity"}):
        y = tf.square(tf.placeholder(tf.float32, name="p"))
    return y.op.get_attr("_gradient_op_type").decode()


def build_collections(tf):
    w = tf.Variable(1.0, name="w")
    tf.Variable(1.0, trainable=False, name="fixed")
    tf.Variable(1.0, collections=["mine", tf.GraphKeys.GLOBAL_VARIABLES], name="m")
    tf.Variable(1.0, collections=[tf.GraphKeys.LOCAL_VARIABLES], trainable=False, name="local")
    tf.get_variable("g", [1], collections=[tf.GraphKeys.LOCAL_VARIABLES])
    tf.get_local_variable("l", [1])
    tf.add_to_collection("losses", w * 2.0)
    tf.add_to_collections(["x", "y"], tf.constant(1.0, name="c"))
    tf.get_default_graph().add_to_collection(tf.GraphKeys.UPDATE_OPS, w.assign(2.0).op)
    tf.losses.add_loss(tf.constant(3.0, name="l1"))
    tf.train.get_or_create_global_step()
    names = [[v.name for v in f()] for f in (
        tf.global_variables, tf.trainable_variables, tf.local_variables, tf.model_variables,
        tf.moving_average_variables, tf.all_variables)]  # fmt: skip
    with tf.variable_scope("scope"):
        tf.get_variable("in_scope", [1])
    names.append([v.name for v in tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES, scope="scope")])
    names.append([v.name for v in tf.trainable_variables("w")])
    tf.global_variables_initializer()
    tf.local_variables_initializer()
    tf.initialize_all_variables()
    tf.variables_initializer([w], name="just_w")
    tf.variables_initializer([])
    tf.report_uninitialized_variables()
    tf.assert_variables_initialized()
    return names


def build_graph_queries(tf):
    g = tf.get_default_graph()
    a = tf.constant(1.0, name="a")
    with tf.name_scope("s"):
        b = a + 1.0
    return [
        [op.name for op in g.get_operations()], g.get_tensor_by_name("a:0") is a,
        g.get_operation_by_name("s/add") is b.op, g.as_graph_element("a:0").name,
        g.as_graph_element("a").name, [t.name for t in b.op.inputs], b.op.type,
        [c.name for c in a.consumers()], g.version, str(a.dtype.name), repr(a), str(b), b.op.node_def.name, a.op.name,
    ]  # fmt: skip


def build_import_graph_def(tf):
    with tf.Graph().as_default() as other:
        x = tf.placeholder(tf.float32, [2], "x")
        with tf.control_dependencies([tf.constant(1.0, name="k")]):
            tf.multiply(x, 2.0, name="y")
    mine = tf.constant([1.0, 2.0], name="mine")
    (y,) = tf.import_graph_def(other.as_graph_def(), input_map={"x:0": mine}, return_elements=["y:0"])
    tf.import_graph_def(other.as_graph_def(), name="again")
    with tf.name_scope("s"):
        tf.import_graph_def(other.as_graph_def(), name="")
    return y.name
