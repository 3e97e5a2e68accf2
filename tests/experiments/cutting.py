"""A disk whose power can be cut: ext4 on a file, mounted as a loop; what the file holds at a quiet moment is what a cut would leave."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.experiments.outcome import Skipped

SIZE = 96 * 1024 * 1024
MAKE = ("mkfs.ext4", "-q", "-F", "-J", "size=4", "-E", "lazy_itable_init=0,lazy_journal_init=0")
WRITES, IN_FLIGHT = 4, 8  # places in /sys/block/*/stat


class Disk:
    """The file and the folder where it is mounted."""

    def __init__(self, folder: Path, name: str) -> None:
        self.file, self.at = folder / f"{name}.img", folder / name
        self.at.mkdir(exist_ok=True)

    def make(self) -> Disk:
        """An empty file system with a journal."""
        with self.file.open("wb") as file:
            file.truncate(SIZE)
        _must(*MAKE, str(self.file))
        return self

    @contextmanager
    def mounted(self) -> Iterator[Path]:
        """Mount it (which replays the journal) and take it down again."""
        _must("mount", "-o", "loop,noatime", str(self.file), str(self.at))
        try:
            yield self.at
        finally:
            _taken_down(self.at)

    def settle(self) -> None:
        """Everything so far is on the disk: the state before the first act."""
        _must("sync", "--file-system", str(self.at))

    def cut(self, into: Disk) -> None:
        """Copy what has reached the disk, and nothing that only the page cache of the mounted file system holds; whoever writes must stand still."""
        until = time.monotonic() + 30
        while time.monotonic() < until:
            writes, in_flight = self._state()
            shutil.copyfile(self.file, into.file)
            if not in_flight and self._state() == (writes, 0):
                return
        raise RuntimeError("cakram tidak pernah tenang")

    def _state(self) -> tuple[int, int]:
        """Writes that the disk has taken so far, and requests on their way."""
        device = next(line.split()[0] for line in Path("/proc/mounts").read_text().splitlines() if line.split()[1] == str(self.at))
        told = Path("/sys/block", Path(device).name, "stat").read_text().split()
        return int(told[WRITES]), int(told[IN_FLIGHT])

    def complaints(self) -> list[str]:
        """What the checker of the file system says; nothing when it is clean."""
        done = subprocess.run(["e2fsck", "-f", "-n", str(self.file)], capture_output=True, text=True)
        return [] if done.returncode == 0 else [f"sistem berkas: {done.stdout.strip().splitlines()[-1][:200]}"]


def must_be_possible(folder: Path) -> None:
    """Raises Skipped where a file cannot be mounted."""
    if os.geteuid() != 0:
        raise Skipped("memasang cakram dari berkas perlu hak root")
    disk = Disk(folder, "percobaan")
    try:
        with disk.make().mounted():
            disk.cut(Disk(folder, "salinan"))
    except (OSError, RuntimeError, StopIteration) as error:
        raise Skipped(f"cakram dari berkas tidak dapat dipasang di mesin ini: {str(error)[:120]}") from error


def _must(*order: str) -> None:
    done = subprocess.run(order, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{order[0]}: {done.stderr.strip()[:200]}")


def _taken_down(at: Path) -> None:
    for _ in range(50):
        if subprocess.run(["umount", str(at)], capture_output=True).returncode == 0:
            return
        time.sleep(0.1)
    _must("umount", "--lazy", str(at))
