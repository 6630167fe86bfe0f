"""Lines go to standard error in TensorFlow's form, naming the caller's line, unless the program logs by itself."""

import io
import logging as python_logging
from unittest import mock

from defrun.base import logging


class Lines:
    """Lines said since the last call. While entered, the root logger has no handler: pytest's own stand aside."""

    def __init__(self, capsys):
        self.capsys = capsys
        self.root = mock.patch.object(python_logging.getLogger(), "handlers", [])

    def __enter__(self):
        self.root.__enter__()
        self.level = logging.get_logger().level
        logging.set_verbosity(logging.INFO)
        return self

    def __exit__(self, *exc):
        logging.set_verbosity(self.level)
        return self.root.__exit__(*exc)

    def __call__(self):
        return self.capsys.readouterr().err.splitlines()


def test_form_of_a_line(capsys):
    with Lines(capsys) as lines:
        logging.info("step %d: %.1f", 3, 0.5)
        (line,) = lines()
        assert line == "INFO:tensorflow:step 3: 0.5"


def test_every_function_says_its_level(capsys):
    with Lines(capsys) as lines:
        functions = [logging.info, logging.warn, logging.warning, logging.error, logging.fatal]
        for say in functions:
            say("hello")
        logging.TaskLevelStatusMessage("hello")
        logging.log(logging.ERROR, "hello")
        logging.vlog(logging.ERROR, "hello")
        logging.log_if(logging.WARN, "hello", True)
        logging.log_first_n(logging.WARN, "hello", 1)
        logging.log_every_n(logging.WARN, "hello", 1)
        said = lines()
        assert all(line.endswith(":tensorflow:hello") for line in said)
        assert "".join(line[0] for line in said) == "IWWECEEEWWW"


def test_verbosity(capsys):
    with Lines(capsys) as lines:
        logging.debug("no")
        logging.log_if(logging.ERROR, "no", False)
        assert lines() == []
        logging.set_verbosity("DEBUG")
        assert logging.get_verbosity() == logging.DEBUG
        logging.debug("yes")
        assert len(lines()) == 1
        python_logging.getLogger("tensorflow").setLevel(python_logging.ERROR)
        logging.warning("no")
        assert lines() == []


def test_counted_by_the_line_that_calls(capsys):
    with Lines(capsys) as lines:
        for i in range(5):
            logging.log_first_n(logging.INFO, "first %d", 2, i)
            logging.log_every_n(logging.INFO, "every %d", 2, i)
        assert [line.split(":")[2] for line in lines()] == ["first 0", "every 0", "first 1", "every 2", "every 4"]


def test_exceptions_are_shown(capsys):
    with Lines(capsys) as lines:
        try:
            raise ValueError("inside")
        except ValueError:
            logging.error("failed", exc_info=True)
        said = lines()
        assert said[0].endswith(":failed")
        assert said[-1] == "ValueError: inside"


def test_a_program_with_its_own_logging_gets_each_line_once(capsys):
    with Lines(capsys) as lines:
        stream = io.StringIO()
        handler = python_logging.StreamHandler(stream)
        python_logging.getLogger().addHandler(handler)
        logging.info("once")
        logging.flush()
        assert lines() == []
        assert stream.getvalue() == "once\n"
