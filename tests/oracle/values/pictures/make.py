"""Writes the pictures beside this file; needs Pillow and, for what Pillow can't write, defrun's own PNG writer."""

import io
import pathlib

import numpy as np
from PIL import Image

from defrun.ops.media import png_bytes

HERE = pathlib.Path(__file__).parent


def scene(height, width, channels, top=256):
    """A picture with edges, slopes and some noise."""
    rng = np.random.RandomState(height)
    y, x = np.mgrid[:height, :width]
    planes = [x * (top - 1) // (width - 1), y * (top - 1) // (height - 1), (x + y) % 2 * (top - 1) // 3]
    planes.append(np.where(x > y, top - 1, top // 4))
    picture = np.stack(planes[:channels], -1) + rng.randint(-top // 20, top // 20, (height, width, channels))
    picture[2:5, 3:7] = top // 2
    return np.clip(picture, 0, top - 1).astype(np.uint8 if top == 256 else np.uint16)


def save(name, image, **settings):
    out = io.BytesIO()
    image.save(out, name.rpartition(".")[2].replace("jpg", "jpeg"), **settings)
    (HERE / name).write_bytes(out.getvalue())


def main():
    rgb, rgba = Image.fromarray(scene(11, 14, 3)), Image.fromarray(scene(11, 14, 4))
    grey = Image.fromarray(scene(11, 14, 1)[..., 0])
    save("rgb.jpg", Image.fromarray(scene(21, 26, 3)), quality=90)
    save("full.jpg", Image.fromarray(scene(21, 26, 3)), quality=90, subsampling=0)
    save("progressive.jpg", Image.fromarray(scene(21, 26, 3)), quality=70, progressive=True)
    save("grey.jpg", grey, quality=90)
    save("cmyk.jpg", rgb.convert("CMYK"), quality=90)
    save("rgb.png", rgb)
    save("rgba.png", rgba)
    save("grey.png", grey)
    save("grey_alpha.png", grey.convert("LA"))
    save("bits.png", grey.convert("1"))
    save("palette.png", rgb.quantize(12))
    save("transparent.png", rgb.quantize(12), transparency=3)
    for channels, name in enumerate(("grey16", "grey_alpha16", "rgb16", "rgba16"), 1):
        (HERE / (name + ".png")).write_bytes(png_bytes(scene(7, 9, channels, 65536)))
    save("rgb.bmp", rgb)
    save("rgba.bmp", rgba)
    save("grey.bmp", grey)
    save("still.gif", rgb.quantize(16))
    # Frames that have no pixel in common, and then one that changes a part.
    frames = [Image.fromarray(np.roll(scene(11, 14, 3) // 2 * 2 + at, 3 * at, 1)).quantize(64) for at in (0, 1)]
    save("moving.gif", frames[0], save_all=True, append_images=frames[1:], duration=50)


if __name__ == "__main__":
    main()
