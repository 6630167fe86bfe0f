"""What processes started under `defrun run` find as `tensorflow`: defrun, if their Python has it.

`defrun run` appends the folder above to PYTHONPATH, so that workers and scripts which a program starts by itself
import what the program does.
"""

import importlib
import sys

del sys.modules[__name__]  # it is not in the way of what takes its place
try:
    importlib.import_module("defrun.cli.run").prepare()
except ModuleNotFoundError as error:
    if error.name != "defrun":
        raise
    here = __file__.rpartition("tensorflow")[0].rstrip("/\\")
    sys.path[:] = [path for path in sys.path if path.rstrip("/\\") != here]
    importlib.import_module(__name__)  # another Python, with a TensorFlow of its own perhaps
