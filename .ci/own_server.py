"""A PostgreSQL server beside the embedded one, for checks that bring a DATABASE_URL.

    own_server.py start FOLDER PORT    start it on 127.0.0.1 and print the owner's URL
    own_server.py stop FOLDER PORT

Its owner, `migrator`, may make roles and databases and is no superuser, as in production; for the
tests' wipe it may also set `session_replication_role`. Nothing in it is kept.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from psycopg import sql

from config.embedded.folder import DataFolder
from config.embedded.postgres import SUPERUSER, Cluster

OWNER = "migrator"


def main(command: str, folder: str, port: str) -> None:
    data = DataFolder(Path(folder).resolve())
    cluster = Cluster(data, durable=False, tcp_port=int(port))
    if command == "stop":
        cluster.stop()
        return
    cluster.start()
    password = data.password(OWNER)
    with cluster.connect(SUPERUSER) as server:
        known = server.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [OWNER]).fetchone()
        if known is None:
            name = sql.Identifier(OWNER)
            server.execute(
                sql.SQL("CREATE ROLE {} LOGIN CREATEROLE CREATEDB PASSWORD {}").format(
                    name, sql.Literal(password)
                )
            )
            server.execute(
                sql.SQL("GRANT SET ON PARAMETER session_replication_role TO {}").format(name)
            )
            server.execute(sql.SQL("CREATE DATABASE qicai_ci OWNER {}").format(name))
    print(f"postgresql://{OWNER}:{password}@127.0.0.1:{port}/qicai_ci")


main(*sys.argv[1:])
