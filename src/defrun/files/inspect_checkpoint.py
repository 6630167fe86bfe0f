"""What a checkpoint holds, printed: `tensorflow.python.tools.inspect_checkpoint`."""

from __future__ import annotations

import math
import re
from typing import Any

from defrun.train.checkpoint_reader import CheckpointReader

_PARTS = re.compile(r"\.(index|meta|data-\d+-of-\d+)$")


def print_tensors_in_checkpoint_file(
    file_name: Any,
    tensor_name: str | None,
    all_tensors: bool,
    all_tensor_names: bool = False,
    count_exclude_pattern: str = "",
) -> None:
    """Print what is in a checkpoint: a tensor, all of them, their names, or a line for each.

    Parameters
    ----------
    file_name : path
        The prefix of the checkpoint.
    tensor_name : str or None
        The one tensor to print.
    all_tensors, all_tensor_names : bool
        Print all tensors, or all their names.
    count_exclude_pattern : str
        A regular expression of names that don't count among the parameters.
    """
    try:
        reader = CheckpointReader(file_name)
        shapes = reader.get_variable_to_shape_map()
        if all_tensors or all_tensor_names:
            for name in sorted(shapes):
                print("tensor_name: ", name)
                if all_tensors:
                    print(reader.get_tensor(name))
        elif tensor_name:
            print("tensor_name: ", tensor_name)
            print(reader.get_tensor(tensor_name))
        else:
            print(reader.debug_string().decode("utf-8", "replace"))
        left_out = re.compile(count_exclude_pattern) if count_exclude_pattern else None
        sizes = [math.prod(shape) for name, shape in shapes.items() if not (left_out and left_out.search(name))]
        print(f"# Total number of params: {sum(sizes)}")
    except Exception as error:  # as TensorFlow: a tool prints what went wrong
        print(error)
        if _PARTS.search(str(file_name)):
            print(f"This is one file of a checkpoint. Try its prefix: {_PARTS.sub('', str(file_name))}")
