"""Runs the scripts beside this file with TensorFlow 1.15.5 and writes what they print to answers.json.

Run with a Python that has TensorFlow 1.15.5:  python tests/oracle/scripts/ask.py
"""

import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def main():
    answers = {}
    for name in ("asserts", "private", "program"):
        done = subprocess.run(
            [sys.executable, os.path.join(HERE, name + ".py")],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3"),
        )
        if done.returncode:
            raise SystemExit(done.stderr.decode())
        answers[name] = done.stdout.decode().splitlines()
        print(name, len(answers[name]), "lines")
    with open(os.path.join(HERE, "answers.json"), "w") as file:
        json.dump(answers, file, indent=0)
        file.write("\n")


if __name__ == "__main__":
    main()
