"""The digit reader learns, and leaves its picture."""

import matplotlib

from examples import digits

matplotlib.use("Agg")


def test_a_few_epochs_already_read_most_digits(monkeypatch, tmp_path, capsys):
    (tmp_path / "data").symlink_to(digits.HERE / "data")
    monkeypatch.setattr(digits, "HERE", tmp_path)
    monkeypatch.setattr(digits, "EPOCHS", 4)
    assert digits.main() > 0.9
    assert (tmp_path / "out" / "digits.png").stat().st_size > 10_000
    assert "images never trained on" in capsys.readouterr().out


def test_no_image_is_in_both_parts():
    train, test = digits.load_digits()
    assert len(train[0]) + len(test[0]) == 1797
    assert not {image.tobytes() for image in train[0]} & {image.tobytes() for image in test[0]}
