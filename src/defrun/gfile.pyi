"""`tf.gfile`: names, and nothing else. Written by tools/face.py."""

from defrun.files.file_io import (
    copy as Copy, delete_recursively as DeleteRecursively, file_exists as Exists, get_matching_files as Glob,
    is_directory as IsDirectory, list_directory as ListDirectory, recursive_create_dir as MakeDirs, create_dir as MkDir,
    delete_file as Remove, rename as Rename, stat as Stat, walk as Walk,
)
from defrun.files.gfile import FastGFile as FastGFile, GFile as GFile, GFile as Open
