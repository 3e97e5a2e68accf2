"""Keeps bytes under the hash of their content: written once, never altered, on the disk before anyone is told (T5)."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
from pathlib import Path


class MissingFile(Exception):
    """No file with that hash, or its bytes are not what the hash says."""


class FileStore:
    """A folder of files named by their SHA-256."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, sha256: str) -> Path:
        """Where the file with that hash lies."""
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise MissingFile("bukan sidik berkas")
        return self.root / sha256[:2] / sha256

    def put(self, content: bytes) -> str:
        """Store the bytes and return their hash: temporary file, fsync, link, fsync of the directory."""
        sha256 = hashlib.sha256(content).hexdigest()
        path = self.path(sha256)
        if path.exists():
            return sha256
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{sha256}.{secrets.token_hex(6)}")
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(temporary, path)  # create-only: a file that is there stays
        temporary.unlink()
        for folder in (path.parent, path.parent.parent):
            sync_folder(folder)
        return sha256

    def get(self, sha256: str) -> bytes:
        """The bytes; raises MissingFile when they are gone or altered."""
        try:
            content = self.path(sha256).read_bytes()
        except FileNotFoundError as error:
            raise MissingFile("berkas tidak ada di penyimpanan") from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise MissingFile("isi berkas tidak sama dengan sidiknya")
        return content

    def remove(self, sha256: str) -> None:
        """Delete a file whose time is over; one that is gone already stays gone. Evidence is never deleted: this is for sealed files of imports."""
        path = self.path(sha256)
        path.unlink(missing_ok=True)
        if path.parent.exists():
            sync_folder(path.parent)

    def check(self) -> None:
        """Write and read a probe; raises OSError when the folder does not work."""
        self.get(self.put(b"sinergi desa: uji penyimpanan"))


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable: without it the last file is lost with the power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
