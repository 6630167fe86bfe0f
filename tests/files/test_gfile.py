"""What the comparison with TensorFlow leaves out of files: paths as objects, folders as errors, whole-file helpers."""

import pytest

from defrun.base import errors
from defrun.files import file_io, gfile


def test_paths_may_be_path_objects(tmp_path):
    file_io.write_string_to_file(tmp_path / "a", "text")
    assert gfile.exists(tmp_path / "a")
    assert file_io.read_file_to_string(str(tmp_path / "a").encode(), binary_mode=True) == b"text"
    assert gfile.glob(tmp_path / "*") == [str(tmp_path / "a")]


def test_a_message_names_the_path(tmp_path):
    with pytest.raises(errors.NotFoundError, match="no_such_file"):
        gfile.GFile(tmp_path / "no_such_file").read()
    with pytest.raises(errors.PermissionDeniedError, match="opened to read"):
        gfile.GFile(tmp_path / "x").write("x")


def test_makedirs_does_not_take_a_file_for_a_folder(tmp_path):
    (tmp_path / "a").write_text("")
    with pytest.raises(errors.AlreadyExistsError):
        gfile.makedirs(tmp_path / "a")


def test_an_atomic_write_leaves_nothing_behind(tmp_path):
    file_io.atomic_write_string_to_file(tmp_path / "a", "one")
    file_io.atomic_write_string_to_file(tmp_path / "a", "two")
    with pytest.raises(errors.AlreadyExistsError):
        file_io.atomic_write_string_to_file(tmp_path / "a", "three", overwrite=False)
    assert (tmp_path / "a").read_text() == "two"
    assert gfile.listdir(tmp_path) == ["a"]


def test_a_file_closes_with_its_block(tmp_path):
    with gfile.GFile(tmp_path / "a", "w") as f:
        f.write("text")
    assert (tmp_path / "a").read_text() == "text"
    with gfile.GFile(tmp_path / "a") as f:
        assert f.seekable()
        assert list(f) == ["text"]


def test_walk_reports_a_folder_that_is_not_there(tmp_path):
    seen = []
    assert list(gfile.walk(tmp_path / "nope", onerror=seen.append)) == []
    assert isinstance(seen[0], errors.NotFoundError)
