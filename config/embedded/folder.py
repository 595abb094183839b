"""The data folder: where everything a machine keeps for us lies, and who may read it.

secret_key          signs sessions (demo only; production brings SECRET_KEY)
passwords/          superuser, owner and web role of the embedded database, mode 0600
postgres/  broker/  what the two servers write
run/                their sockets, lock files, the list of child processes
log/                one file per process
media/  static/     files people handed in; collected static files
compiled/           compiled code, where the environment keeps it away from the sources
"""

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from config.embedded.errors import CannotStart

# A socket's path may have 107 bytes on Linux and 103 on macOS, its name included.
LONGEST_SOCKET_PATH = 103
LONGEST_SOCKET_NAME = ".s.PGSQL.5432.lock"


@dataclass(frozen=True)
class DataFolder:
    """One folder, one database server, one broker."""

    path: Path

    @property
    def postgres(self) -> Path:
        return self.path / "postgres"

    @property
    def broker(self) -> Path:
        return self.path / "broker"

    @property
    def log(self) -> Path:
        return self.path / "log"

    @property
    def run(self) -> Path:
        return self.path / "run"

    @property
    def sockets(self) -> Path:
        """Where the sockets stand: in the folder, or in /tmp when its path is too long for one.

        The same answer for every process, whatever its environment, so that they find each other.
        """
        if len(os.fsencode(self.run / LONGEST_SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
            return self.run
        fingerprint = hashlib.sha256(os.fsencode(self.path)).hexdigest()[:16]
        return Path("/tmp") / f"qicai-{os.geteuid()}-{fingerprint}"  # noqa: S108

    def make(self) -> None:
        """Make the folder, or say in one sentence why it cannot be made."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            for inner in ("run", "log", "passwords", "media", "static"):
                (self.path / inner).mkdir(exist_ok=True)
            for private in ("passwords", "media"):
                (self.path / private).chmod(0o700)
            if not os.access(self.path, os.W_OK):
                raise PermissionError
            if self.sockets != self.run:
                self.sockets.mkdir(mode=0o755, exist_ok=True)
                if self.sockets.stat().st_uid not in (os.geteuid(), 0):
                    raise PermissionError
        except OSError as trouble:
            raise CannotStart(
                zh=f"数据文件夹 {self.path} 无法写入：请检查权限，或用 QICAI_DATA 换一个文件夹。",
                en=f"The data folder {self.path} cannot be written: check its permissions, "
                "or name another one in QICAI_DATA.",
            ) from trouble

    def secret(self, name: str) -> str:
        """A random secret, made at the first question, readable by the folder's owner only."""
        file = self.path / name
        try:
            return file.read_text().strip()
        except FileNotFoundError:
            self.make()
        except OSError as trouble:
            raise CannotStart(
                zh=f"无法读取 {file}：请检查权限，或用 QICAI_DATA 换一个文件夹。",
                en=f"{file} cannot be read: check its permissions, "
                "or name another folder in QICAI_DATA.",
            ) from trouble
        draft = file.with_name(f"{file.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48) + "\n")
        try:
            os.link(draft, file)  # of two processes asking at once, one wins and both read it
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        return file.read_text().strip()

    def password(self, role: str) -> str:
        """The password of a database role of the embedded server."""
        return self.secret(f"passwords/{role}")
