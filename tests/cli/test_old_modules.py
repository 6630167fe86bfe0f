"""The parts of `distutils` and `imp` that are back under `defrun run` where Python has dropped them."""

import sys

import pytest

from defrun.cli import old_modules
from defrun.cli.old_modules import LooseVersion, StrictVersion


def test_loose_versions():
    assert LooseVersion("1.15.5") >= "1.4.0"
    assert LooseVersion("1.2") < LooseVersion("1.10")
    assert LooseVersion("1.15.0-rc1").version == [1, 15, 0, "-", "rc", 1]
    assert str(LooseVersion("1.2")) == "1.2"
    assert len({LooseVersion("1"), LooseVersion("1")}) == 1


def test_strict_versions():
    assert StrictVersion("1.2") == StrictVersion("1.2.0")
    assert StrictVersion("1.2a1") < StrictVersion("1.2b1") < StrictVersion("1.2")
    with pytest.raises(ValueError, match="invalid version number"):
        StrictVersion("1.2.3.4")


def test_modules_are_there_if_python_has_none(monkeypatch, tmp_path):
    names = [name for name in sys.modules if name.partition(".")[0] in ("distutils", "imp")]
    for name in names:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(old_modules.importlib.util, "find_spec", lambda name: None)
    old_modules.restore()
    try:
        import imp
        from distutils.util import strtobool
        from distutils.version import LooseVersion as Found

        assert Found is LooseVersion
        assert [strtobool("yes"), strtobool("Off")] == [1, 0]
        with pytest.raises(ValueError, match="perhaps"):
            strtobool("perhaps")
        (tmp_path / "loaded.py").write_text("x = 3")
        assert imp.load_source("loaded_by_imp", str(tmp_path / "loaded.py")).x == 3
        assert imp.new_module("empty").__name__ == "empty"
    finally:
        for name in ("distutils", "distutils.version", "distutils.util", "imp", "loaded_by_imp"):
            sys.modules.pop(name, None)


def test_what_python_has_stays(monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] in ("distutils", "imp")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(old_modules.importlib.util, "find_spec", lambda name: "there")
    old_modules.restore()
    assert "imp" not in sys.modules
