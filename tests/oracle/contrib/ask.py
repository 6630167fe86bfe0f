"""Ask TensorFlow 1.15.5 what its tf.contrib answers: python3.7 tests/oracle/contrib/ask.py rewrites answers.json."""

import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), *[".."] * 3))

import tensorflow as tf
import tensorflow.contrib.tensorboard.plugins.projector

from tests.oracle.contrib import questions

if __name__ == "__main__":
    asked = {name: function for name, function in vars(questions).items() if getattr(function, "__module__", "") ==
             questions.__name__ and not name.startswith("_")}  # fmt: skip
    answers = {name: function(tf) for name, function in asked.items()}
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "answers.json"), "w") as file:
        json.dump(answers, file, indent=1, sort_keys=True)
        file.write("\n")
    print(len(answers), "answers")
