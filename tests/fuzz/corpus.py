"""The inputs that are kept: one zip file for each target in corpus/, each input under the hash of its bytes."""

import hashlib
import zipfile
from pathlib import Path

FOLDER = Path(__file__).parent / "corpus"
MOST = 400  # inputs of a target
LONGEST = 20_000  # bytes


def inputs(name):
    """Return the inputs of a target."""
    path = FOLDER / f"{name}.zip"
    if not path.exists():
        return []
    with zipfile.ZipFile(path) as packed:
        return [packed.read(one) for one in sorted(packed.namelist())]


def write(name, found):
    """Keep these inputs, the shortest ones if they are too many."""
    chosen = sorted({data for data in found if len(data) <= LONGEST}, key=lambda data: (len(data), data))[:MOST]
    FOLDER.mkdir(exist_ok=True)
    with zipfile.ZipFile(FOLDER / f"{name}.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for data in sorted(chosen, key=_key):
            packed.writestr(zipfile.ZipInfo(_key(data), (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED, 9)


def add(name, found):
    """Keep these inputs beside those that are there."""
    write(name, [*inputs(name), *found])


def _key(data):
    return hashlib.sha1(data).hexdigest()[:12]
