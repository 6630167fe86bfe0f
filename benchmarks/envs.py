"""The peers, and an environment of its own for each, made when first needed."""

import os
import shutil
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
ENVS = HERE / "envs"


class Missing(Exception):
    """A peer that cannot be had on this machine, and why."""


@dataclass(frozen=True)
class Peer:
    """A framework: what worker.py calls it, its title, what to install where, and the Python it needs (None: ours)."""

    name: str
    title: str
    env: str
    requirements: tuple[str, ...]
    python: str | None = None


PEERS = (
    Peer("defrun", "defrun", "defrun", ("--editable", str(ROOT))),
    Peer("tf1", "TensorFlow", "tf1", ("tensorflow==1.15.5", "protobuf<3.21"), python="3.7"),
    Peer("tf2", "compat.v1 of TensorFlow", "tf2", ("tensorflow",)),
    Peer("torch", "PyTorch", "torch", ("torch==2.13.0", "numpy")),
    Peer("jax", "JAX by hand", "defrun", ("--editable", str(ROOT))),  # the very JAX that defrun runs on
)


def find_python(version: str | None) -> str:
    """Return an interpreter of this version (our own for None)."""
    if version is None:
        return sys.executable
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for found in (shutil.which(f"python{version}"), *map(str, pyenv.glob(f"{version}.*/bin/python"))):
        if found:
            asked = subprocess.run([found, "-c", "import sys; print(sys.version)"], capture_output=True, text=True)
            if asked.stdout.startswith(f"{version}."):
                return found
    raise Missing(f"no Python {version} found")


def environment(peer: Peer) -> str:
    """Return the Python of the peer's environment, making it if it is not there or asks for other packages."""
    home = ENVS / peer.env
    python, stamp, wanted = home / "bin" / "python", home / "installed.txt", "\n".join(peer.requirements)
    if "--editable" in peer.requirements:
        wanted += "\n" + (ROOT / "pyproject.toml").read_text(encoding="utf-8")  # our dependencies may have changed
    if stamp.exists() and stamp.read_text() == wanted:
        return str(python)
    interpreter = find_python(peer.python)
    print(f"making benchmarks/envs/{peer.env}: {' '.join(peer.requirements)}", file=sys.stderr)
    shutil.rmtree(home, ignore_errors=True)
    if interpreter == sys.executable:
        venv.create(home, with_pip=True)
    else:
        subprocess.run([interpreter, "-m", "venv", str(home)], check=True)
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *peer.requirements]
    done = subprocess.run(install, capture_output=True, text=True)
    if done.returncode:
        raise Missing((done.stderr.strip().splitlines() or ["pip failed"])[-1])
    stamp.write_text(wanted)
    return str(python)
