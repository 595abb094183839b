"""Both embedded servers: join them where they run, else start them; the last one stops them.

Every process that uses a data folder's servers holds a shared lock on it. Whoever leaves and
finds nobody else stops them. A process killed with `kill -9` loses its lock with
its life; the servers it left behind are adopted by the next one if they answer, and replaced if
they do not.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from config.embedded.broker import Broker
from config.embedded.folder import DataFolder
from config.embedded.locks import FileLock, only_one
from config.embedded.postgres import Cluster


@contextmanager
def running(
    data: DataFolder,
    *,
    database: bool = True,
    broker: bool = True,
    durable: bool = True,
    leave_nothing: bool = False,
) -> Iterator[None]:
    """The servers of this folder answer within this block.

    `leave_nothing` stops them at the end even if others still use them: `demo` promises that
    Ctrl-C stops everything.
    """
    data.make()
    users = FileLock(data.run / "users.lock")
    changing = data.run / "servers.lock"
    cluster, queue = Cluster(data, durable=durable), Broker(data)
    with only_one(changing):
        assert users.take(shared=True, wait_seconds=10), "a stopping process still holds the folder"
        try:
            if database:
                cluster.start()
            if broker:
                queue.start()
        except BaseException:
            users.release()
            raise
    try:
        yield
    finally:
        with only_one(changing):
            users.release()
            if leave_nothing or users.take():
                if broker:
                    queue.stop()
                if database:
                    cluster.stop()
            users.release()
