"""`tf.contrib.slim.nets`: image classifiers of 2012 to 2016, with the names that their checkpoints have."""

from defrun.contrib.slim.nets import alexnet as alexnet
from defrun.contrib.slim.nets import inception as inception
from defrun.contrib.slim.nets import overfeat as overfeat
from defrun.contrib.slim.nets import resnet_utils as resnet_utils
from defrun.contrib.slim.nets import resnet_v1 as resnet_v1
from defrun.contrib.slim.nets import resnet_v2 as resnet_v2
from defrun.contrib.slim.nets import vgg as vgg
