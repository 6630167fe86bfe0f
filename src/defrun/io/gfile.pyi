"""`tf.io.gfile`: names, and nothing else. Written by tools/face.py."""

from defrun.files.gfile import (
    GFile as GFile, copy as copy, exists as exists, glob as glob, isdir as isdir, listdir as listdir,
    makedirs as makedirs, mkdir as mkdir, remove as remove, rename as rename, rmtree as rmtree, stat as stat,
    walk as walk,
)
