"""Servers of their own for the trials: a new data folder beside the usual one, removed at the end.

Beside it and not in the system's temporary folder, which may be kept in memory: what is measured
here is a database that writes to the disk. Read before Django is, so nothing of it is imported.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from config import env
from config.embedded.folder import DataFolder
from config.embedded.servers import running

ELSEWHERE = ("DATABASE_URL", "DATABASE_OWNER_URL", "BROKER_URL", "CACHE_URL", "SECRET_KEY")


@contextmanager
def room_of_its_own(command: str) -> Iterator[DataFolder]:
    """Within this block every setting points at new, durable servers in a folder of their own."""
    usual = env.data_folder()
    path = usual.path.with_name(f"{usual.path.name}-{command}-{os.getpid()}")
    for name in ELSEWHERE:
        os.environ.pop(name, None)
        os.environ.pop(f"{name}_FILE", None)
    os.environ["QICAI_MODE"] = "demo"
    os.environ["QICAI_DATA"] = str(path)
    data = DataFolder(path)
    try:
        with running(data, durable=True, leave_nothing=True):
            yield data
    finally:
        shutil.rmtree(path, ignore_errors=True)
        if data.sockets != data.run:
            shutil.rmtree(data.sockets, ignore_errors=True)
