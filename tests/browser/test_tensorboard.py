"""TensorBoard, as a browser shows it: what the example logs is there. `make browser` runs this.

``SCREENSHOT=docs/tensorboard.png`` keeps a picture of it.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import matplotlib
import pytest
from PIL import Image

from examples import digits

matplotlib.use("Agg")
playwright = pytest.importorskip("playwright.sync_api", reason="`make browser` installs it")
pytestmark = pytest.mark.browser

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SIZE = {"width": 1280, "height": 720}
PATIENCE = 30_000  # milliseconds


@pytest.fixture(scope="module")
def logs(tmp_path_factory):
    """The example's event files."""
    folder = tmp_path_factory.mktemp("example")
    (folder / "data").symlink_to(digits.HERE / "data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(digits, "HERE", folder)
        patch.setattr(digits, "EPOCHS", 12)
        digits.main()
    return folder / "out" / "logs"


@pytest.fixture(scope="module")
def address(logs):
    """Where `defrun board` says it is."""
    command = [sys.executable, "-m", "defrun", "board", str(logs), "--port", "0", "--load_fast", "false"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    line = server.stdout.readline()
    where = re.search(r"http://\S+", line)[0]
    end = time.monotonic() + 60
    while not read(f"{where}data/plugin/scalars/tags").get("test") and time.monotonic() < end:
        time.sleep(0.2)  # a page that is opened before the files are read stays empty
    yield where
    server.terminate()
    server.wait()


def read(url):
    with urllib.request.urlopen(url) as answer:
        return json.loads(answer.read())


@pytest.fixture(scope="module")
def page():
    """An empty page of a Chromium: one that is installed, or playwright's own."""
    installed = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    with playwright.sync_playwright() as started:
        own = started.chromium.executable_path
        if installed is None and not os.path.exists(own):
            pytest.skip("there is no Chromium")
        flags = ["--no-sandbox"] if os.getuid() == 0 else []
        browser = started.chromium.launch(executable_path=installed, args=flags)
        page = browser.new_page(viewport=SIZE)
        page.set_default_timeout(PATIENCE)
        playwright.expect.set_options(timeout=PATIENCE)
        yield page
        browser.close()


@pytest.fixture(scope="module")
def pictures():
    """Screenshots of the views, put together and kept if somebody wants them."""
    taken: list[bytes] = []
    yield taken
    if os.environ.get("SCREENSHOT"):
        keep(taken, Path(os.environ["SCREENSHOT"]))


def keep(taken, path):
    """Write the pictures two by two into one of few colours."""
    views = [Image.open(io.BytesIO(data)).convert("RGB") for data in taken]
    width, height = views[0].size
    whole = Image.new("RGB", (2 * width, (len(views) + 1) // 2 * height), "white")
    for i, view in enumerate(views):
        whole.paste(view, (i % 2 * width, i // 2 * height))
    whole = whole.resize((whole.width * 5 // 8, whole.height * 5 // 8), Image.Resampling.LANCZOS)
    whole.quantize(96, dither=Image.Dither.NONE).save(path, optimize=True)


def open_tab(page, address, tab):
    page.goto(f"{address}#{tab}")
    page.reload()
    page.wait_for_load_state("networkidle")


def test_scalars_are_curves(page, address, pictures):
    open_tab(page, address, "timeseries")
    settings = page.locator("button", has_text="Settings")
    settings.click()
    page.get_by_role("combobox", name="Filter tags (regex)").fill("progress")  # what is further down would not be drawn
    for tag in ("accuracy", "loss"):  # below the heading of their scope, progress
        card = page.locator("scalar-card", has_text=tag)
        playwright.expect(card).to_be_visible()
        playwright.expect(card.locator("line-chart")).to_be_visible()
        for run in ("train", "test"):
            playwright.expect(card.get_by_text(run, exact=True).first).to_be_visible()
    page.keyboard.press("Escape")  # the list of what the filter finds would be in the picture
    playwright.expect(page.locator("mat-option").first).to_be_hidden()
    pictures.append(page.screenshot())


def test_histograms_are_drawn(page, address, pictures):
    open_tab(page, address, "histograms")
    playwright.expect(page.get_by_text("weights/conv2d/kernel").first).to_be_visible()
    drawn = page.locator("vz-histogram-timeseries").first.locator("path")
    playwright.expect(drawn.nth(5)).to_be_attached()  # one for each epoch
    pictures.append(page.screenshot())


def test_images_are_shown(page, address, pictures):
    open_tab(page, address, "images")
    playwright.expect(page.get_by_text("digits/image/0").first).to_be_visible()
    image = page.locator("tf-image-loader img").first
    playwright.expect(image).to_be_visible()
    assert image.evaluate("img => img.decode().then(() => [img.naturalWidth, img.naturalHeight])") == [8, 8]
    pictures.append(page.screenshot())


def test_the_graph_shows_its_name_scopes(page, address, pictures):
    open_tab(page, address, "graphs")
    names = page.locator("tf-graph g.node title")
    playwright.expect(names.first).to_be_attached()
    shown = {text.split("\n")[0].strip() for text in names.all_text_contents()}
    assert {"conv2d", "conv2d_1", "batch_normalization", "dense", "evaluation", "gradients", "Adam"} <= shown
    pictures.append(page.screenshot())
    page.locator("tf-graph g.node", has=page.locator("title", has_text=re.compile(r"^\s*dense\s*$"))).first.dblclick()
    inside = page.locator("tf-graph g.node text", has_text="BiasAdd")
    playwright.expect(inside.first).to_be_attached()
