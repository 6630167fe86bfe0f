"""Warnings about what is deprecated: said once a function, unless told otherwise; refused where they make no sense."""

import pytest

from defrun.base import decorators, deprecation, logging


@pytest.fixture(autouse=True)
def said(monkeypatch):
    lines = []
    monkeypatch.setattr(logging, "warning", lambda text, *args: lines.append(text))
    return lines


def test_a_deprecated_function_warns_once(said):
    @deprecation.deprecated("2031-01-01", "Use better().")
    def worse(x):
        """Does it."""
        return x + 1

    assert [worse(1), worse(2)] == [2, 3]
    assert len(said) == 1
    assert "worse" in said[0] and "after 2031-01-01" in said[0] and "Use better()." in said[0]
    assert __file__ in said[0]
    assert worse.__name__ == "worse"
    assert worse.__doc__.startswith("Does it. (deprecated)")


def test_a_deprecated_function_may_warn_always(said):
    worse = deprecation.deprecated(None, "No.", warn_once=False)(lambda: 5)
    worse(), worse()
    assert len(said) == 2
    assert "in a future version" in said[0]
    with deprecation.silence():
        worse()
    assert len(said) == 2


def test_deprecated_arguments(said):
    @deprecation.deprecated_args(None, "Use new.", "old", ("mode", None))
    def f(new=1, old=2, mode=None):
        return new, old, mode

    assert f(3) == (3, 2, None)
    assert f(3, mode=None) == (3, 2, None)
    assert said == []
    assert f(3, 4, mode="x") == (3, 4, "x")
    assert len(said) == 2
    assert "with old" in said[0]


def test_deprecated_values(said):
    @deprecation.deprecated_arg_values(None, "Say True.", flag=False)
    def f(flag=True):
        return flag

    assert [f(), f(True), f(flag=False), f(False)] == [True, True, False, False]
    assert len(said) == 1


def test_an_alias_warns(said):
    class New:
        def __init__(self, x):
            self.x = x

    old = deprecation.deprecated_alias("old", "new", New)
    assert old(3).x == 3
    assert isinstance(old(4), New)
    assert deprecation.deprecated_alias("f", "g", len)([1]) == 1
    assert [("old" in line or "The name f" in line) for line in said] == [True, True]


@pytest.mark.parametrize(
    "make",
    [
        lambda: deprecation.deprecated("tomorrow", "x"),
        lambda: deprecation.deprecated(None, ""),
        lambda: deprecation.deprecated(None, "x")(5),
        lambda: deprecation.deprecated_args(None, "x"),
        lambda: deprecation.deprecated_args(None, "x", "y")(lambda z: z),
        lambda: deprecation.deprecated_args(None, "x", "y", never=1),
        lambda: deprecation.deprecated_arg_values(None, "x"),
        lambda: deprecation.deprecated_argument_lookup("new", 1, "old", 2),
    ],
)
def test_what_makes_no_sense_is_refused(make):
    with pytest.raises(ValueError):
        make()


def test_two_names_of_an_argument():
    assert deprecation.deprecated_argument_lookup("new", 1, "old", None) == 1
    assert deprecation.deprecated_argument_lookup("new", None, "old", 2) == 2
    assert deprecation.rewrite_argument_docstring("old: is `old`.", "old", "new") == "new: is `new`."


def test_decorators_look_like_what_is_inside():
    def inner(a, b=2, *rest, **others):
        """Text."""
        return a + b

    outer = decorators.make_decorator(inner, lambda *args: inner(*args) * 10, "tenfold")
    assert outer(1) == 30
    assert (outer.__name__, outer.__doc__) == ("inner", "Text.")
    assert decorators.unwrap(outer) == ([outer], inner)
    assert decorators.getargspec(outer) == (["a", "b"], "rest", "others", (2,))
    assert decorators.tf_export("a.b", v1=[])(inner) is inner


def test_names_that_a_docstring_lists(monkeypatch):
    import sys
    from types import ModuleType

    module = ModuleType("listed", "A module.\n\n@@one\n@@nowhere\n")
    module.one, module.two, module.three, module._four = 1, 2, 3, 4
    monkeypatch.setitem(sys.modules, "listed", module)
    assert decorators.make_all("listed") == ["one"]
    decorators.remove_undocumented("listed", ["two"])
    assert [name for name in vars(module) if not name.startswith("__")] == ["one", "two", "_four"]
    decorators.reveal_undocumented("listed.three")
    assert module.three == 3
    with pytest.raises(LookupError):
        decorators.reveal_undocumented("listed.five")
