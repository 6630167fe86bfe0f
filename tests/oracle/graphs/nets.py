"""Graphs of tf.contrib.slim.nets, and for the large ones what they are made of."""

import hashlib


def _nets(tf):
    import importlib

    return importlib.import_module(tf.__name__.split(".")[0] + ".contrib.slim.nets")


def _ends(ends):
    return [[name, tensor.name, str(tensor.shape)] for name, tensor in sorted(ends.items())]


def build_alexnet(tf):
    nets = _nets(tf)
    with tf.contrib.slim.arg_scope(nets.alexnet.alexnet_v2_arg_scope()):
        logits, ends = nets.alexnet.alexnet_v2(tf.placeholder(tf.float32, [None, 224, 224, 3]), 10)
    return [logits.name, _ends(ends), nets.alexnet.alexnet_v2.default_image_size]


def build_vgg_a(tf):
    nets = _nets(tf)
    with tf.contrib.slim.arg_scope(nets.vgg.vgg_arg_scope(0.001)):
        logits, ends = nets.vgg.vgg_a(tf.placeholder(tf.float32, [2, 224, 224, 3]), 10, is_training=False)
    return [logits.name, _ends(ends)]


def build_vgg_19(tf):
    nets = _nets(tf)
    logits, ends = nets.vgg.vgg_19(tf.ones([1, 256, 256, 3]), spatial_squeeze=False, scope="mine")
    return [logits.name, _ends(ends)]


def build_overfeat(tf):
    nets = _nets(tf)
    with tf.contrib.slim.arg_scope(nets.overfeat.overfeat_arg_scope()):
        logits, ends = nets.overfeat.overfeat(tf.placeholder(tf.float32, [None, 231, 231, 3]), dropout_keep_prob=0.8)
    return [logits.name, _ends(ends)]


def build_resnet_v1_of_ones_own(tf):
    nets = _nets(tf)
    blocks = [nets.resnet_v1.resnet_v1_block("block1", 4, 2, 2), nets.resnet_v1.resnet_v1_block("block2", 8, 3, 2)]
    with tf.contrib.slim.arg_scope(nets.resnet_utils.resnet_arg_scope()):
        net, ends = nets.resnet_v1.resnet_v1(tf.placeholder(tf.float32, [None, 64, 64, 3]), blocks, 10, scope="small")
        nets.resnet_v1.resnet_v1(tf.ones([1, 64, 64, 3]), blocks, None, False, False, output_stride=8)
    return [net.name, _ends(ends)]


def build_resnet_v2_of_ones_own(tf):
    nets = _nets(tf)
    blocks = [nets.resnet_v2.resnet_v2_block("block1", 4, 2, 2), nets.resnet_v2.resnet_v2_block("block2", 8, 2, 1)]
    with tf.contrib.slim.arg_scope(nets.resnet_v2.resnet_arg_scope(0.01, batch_norm_scale=False)):
        net, ends = nets.resnet_v2.resnet_v2(tf.placeholder(tf.float32, [2, 65, 65, 3]), blocks, 10, scope="small")
        nets.resnet_v2.resnet_v2(tf.ones([1, 16, 16, 3]), blocks, None, False, include_root_block=False, scope="r")
    return [net.name, _ends(ends)]


def build_inception_v1(tf):
    nets = _nets(tf)
    with tf.contrib.slim.arg_scope(nets.inception.inception_v1_arg_scope(use_batch_norm=False)):
        logits, ends = nets.inception.inception_v1(tf.placeholder(tf.float32, [None, 224, 224, 3]), 10)
    return [logits.name, _ends(ends)]


def build_inception_v2(tf):
    nets = _nets(tf)
    logits, ends = nets.inception.inception_v2(tf.ones([1, 100, 100, 3]), 10, False, min_depth=4, depth_multiplier=0.5)
    return [logits.name, _ends(ends)]


def build_inception_v3(tf):
    nets = _nets(tf)
    images = tf.placeholder(tf.float32, [None, 299, 299, 3])
    logits, ends = nets.inception.inception_v3(images, 10, min_depth=4, depth_multiplier=0.1)
    return [logits.name, _ends(ends)]


def build_inceptions_in_part(tf):
    nets = _nets(tf)
    images = tf.placeholder(tf.float32, [None, 96, 96, 3])
    with tf.contrib.slim.arg_scope(nets.inception.inception_v3_arg_scope(batch_norm_decay=0.9)):
        nets.inception.inception_v3_base(images, "Mixed_5b", scope="three")
    with tf.contrib.slim.arg_scope(nets.inception.inception_v2_arg_scope()):
        nets.inception.inception_v2_base(images, "Conv2d_2b_1x1", scope="two")
    with tf.contrib.slim.arg_scope(nets.inception.inception_v1_arg_scope()):
        nets.inception.inception_v1_base(images, "MaxPool_2a_3x3", scope="one")
        nets.inception.inception_v3_base(images, "Conv2d_2a_3x3")
    return [len(tf.get_collection("moving_vars")), len(tf.losses.get_regularization_losses())]


def large_nets(tf, name):
    """Return digests of the variables and end points of a whole network."""
    nets = _nets(tf)
    images = tf.placeholder(tf.float32, [1, 224, 224, 3])
    if name.startswith("resnet"):
        module = getattr(nets, name[: len("resnet_v1")])
        with tf.contrib.slim.arg_scope(module.resnet_arg_scope()):
            net, ends = getattr(module, name)(images, 1000, False)
    elif name.startswith("vgg"):
        with tf.contrib.slim.arg_scope(nets.vgg.vgg_arg_scope()):
            net, ends = getattr(nets.vgg, name)(images)
    else:
        with tf.contrib.slim.arg_scope(getattr(nets.inception, name + "_arg_scope")()):
            net, ends = getattr(nets.inception, name)(images)
    variables = ["%s %s" % (v.name, v.shape) for v in tf.global_variables()]
    digest = hashlib.sha1("\n".join(variables).encode()).hexdigest()
    return [net.name, len(variables), digest, _ends(ends)]
