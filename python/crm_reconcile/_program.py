"""The program as a process: where it is, its flags, its results."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import sysconfig
import tempfile
import threading
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Callable, Iterator, Mapping, Optional, Sequence, Union

PathLike = Union[str, "os.PathLike[str]"]
Paths = Union[PathLike, Sequence[PathLike]]

NAME = "reconcile.exe" if os.name == "nt" else "reconcile"


class ReconcileError(RuntimeError):
    """The program ended with an error. `status` is 1, or 2 for wrong usage; `hint` says what to do."""

    def __init__(self, message: str, hint: Optional[str] = None, status: int = 1) -> None:
        super().__init__(f"{message}\nhint: {hint}" if hint else message)
        self.message, self.hint, self.status = message, hint, status


@dataclass(frozen=True)
class Run:
    """A finished run: its folder, the files in it by name, and `summary.json` as a dict."""

    out: Path
    summary: Mapping[str, Any]
    files: Mapping[str, Path] = field(default_factory=dict)


def find_binary() -> Path:
    """The program that was installed with this package.

    `RECONCILE_BINARY` names another one. A wheel that is on the path without having been installed,
    as `--py-files` of Spark leaves it, is unpacked into a temporary folder.
    """
    named = os.environ.get("RECONCILE_BINARY")
    places = [Path(named)] if named else list(_places())
    for place in places:
        if place.is_file():
            return _runnable(place)
    unpacked = None if named else _from_wheel()
    if unpacked is not None:
        return unpacked
    looked = ", ".join(str(place) for place in places)
    raise FileNotFoundError(f"the program {NAME} is not there; looked at {looked}")


def _runnable(place: Path) -> Path:
    """The program, with the right to run it, which archives may lose."""
    if os.name == "posix" and not os.access(place, os.X_OK):
        place.chmod(place.stat().st_mode | 0o100)
    return place


def _places() -> Iterator[Path]:
    schemes = [None, f"{os.name}_user"]
    for scheme in schemes:
        try:
            scripts = sysconfig.get_path("scripts", scheme) if scheme else sysconfig.get_path("scripts")
        except KeyError:
            continue
        yield Path(scripts) / NAME
    yield Path(sys.executable).parent / NAME
    # `pip install --target DIR`
    yield Path(__file__).resolve().parent.parent / "bin" / NAME


def _from_wheel() -> Optional[Path]:
    wheel = next((of for of in Path(__file__).parents if of.suffix == ".whl" and of.is_file()), None)
    if wheel is None:
        return None
    with zipfile.ZipFile(wheel) as archive:
        name = next((of for of in archive.namelist() if of.endswith(f"/scripts/{NAME}")), None)
        if name is None:
            return None
        data = archive.read(name)
    folder = _own_folder()
    place = folder / f"{archive_mark(data)}-{NAME}"
    if not place.is_file():
        draft = folder / f"{os.getpid()}.draft"
        draft.write_bytes(data)
        draft.chmod(0o700)
        draft.replace(place)
    return place


def _own_folder() -> Path:
    """A temporary folder into which nobody else writes: what lies there is started."""
    if os.name != "posix":
        folder = Path(tempfile.gettempdir()) / "crm-reconcile-0"
        folder.mkdir(exist_ok=True)
        return folder
    folder = Path(tempfile.gettempdir()) / f"crm-reconcile-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    of = folder.lstat()
    if not stat.S_ISDIR(of.st_mode) or of.st_uid != os.getuid() or of.st_mode & 0o022:
        raise PermissionError(f"{folder}: others may have written to it; delete it")
    return folder


def archive_mark(data: bytes) -> str:
    """A short name that stands for some bytes."""
    import hashlib

    return hashlib.sha256(data).hexdigest()[:16]


def flags(settings: Mapping[str, Any]) -> list[str]:
    """Settings as flags: `own_domain=["a.com"]` is `--own-domain a.com`, `column={"domain": "Web"}` is
    `--column domain=Web`, `derived=True` is `--derived`; `None` and `False` are left out."""
    arguments: list[str] = []
    for name, value in settings.items():
        flag = "--" + name.rstrip("_").replace("_", "-")
        if value is None or value is False:
            continue
        if value is True:
            arguments.append(flag)
            continue
        if isinstance(value, Mapping):
            pairs = [f"{key}={one}" for key, one in value.items()]
        elif isinstance(value, (str, os.PathLike)) or not isinstance(value, Sequence):
            pairs = [os.fspath(value) if isinstance(value, os.PathLike) else str(value)]
        else:
            pairs = [str(one) for one in value]
        # with `=` a value that begins with a dash is none of the flags
        arguments.extend(f"{flag}={one}" for one in pairs)
    return arguments


def run(arguments: Sequence[str], progress: Optional[Callable[[str], None]] = None, cwd: Optional[PathLike] = None) -> str:
    """Runs the program and gives what it printed; `progress` hears each line of its log.

    Raises `ReconcileError` with the program's own words where it fails.
    """
    environment = dict(os.environ)
    if progress is not None:
        environment.setdefault("RECONCILE_LOG", "info")
    child = subprocess.Popen(
        [str(find_binary()), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        cwd=cwd,
        encoding="utf-8",
    )
    said: list[str] = []

    def hear(lines: IO[str]) -> None:
        for line in lines:
            said.append(line.rstrip("\n"))
            if progress is not None and line.startswith("info: "):
                progress(said[-1][len("info: ") :])

    assert child.stdout is not None and child.stderr is not None
    listener = threading.Thread(target=hear, args=(child.stderr,), daemon=True)
    listener.start()
    try:
        printed = child.stdout.read()
        status = child.wait()
    except BaseException:
        child.kill()
        child.wait()
        raise
    listener.join()
    if status not in (0, 3):
        raise error_of(said, status)
    return printed


def error_of(said: Sequence[str], status: int) -> ReconcileError:
    """What the last lines of a failed process say."""
    words = {"error: ": "", "hint: ": ""}
    for line in said:
        for word in words:
            if line.startswith(word):
                words[word] = line[len(word) :]
    message = words["error: "] or "\n".join(said[-20:]) or f"the program ended with status {status}"
    return ReconcileError(message, words["hint: "] or None, status)


def match(
    *,
    reports: Optional[Paths] = None,
    crm: Optional[Paths] = None,
    out: PathLike,
    progress: Optional[Callable[[str], None]] = None,
    **settings: Any,
) -> Run:
    """Runs `reconcile match`: reads reports and a CRM export, writes links, lists and the review sheet.

    `settings` are the flags of `reconcile match`, with `_` for `-`; see `reconcile match --help`.
    `progress=print` prints a line per stage.
    """
    arguments = flags({"reports": reports, "crm": crm, "out": out, **settings})
    summary = json.loads(run(["match", "--json", *arguments], progress))
    return finished(out, summary)


def finished(out: PathLike, summary: Mapping[str, Any]) -> Run:
    """The run in a folder."""
    folder = Path(out)
    files = {}
    if folder.is_dir():
        files = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
    return Run(folder, summary, files)
