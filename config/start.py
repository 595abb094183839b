"""What stands ready before a command of manage.py runs: the mode, and the embedded servers.

With `DATABASE_URL` unset, a command joins the embedded servers where they run and starts them where
they do not; the last process to leave stops them. `demo` starts its own servers, trials of the
ledger have a room of their own; a few commands need none.
"""

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from types import FrameType

from config import env
from config.embedded.servers import running
from config.trials.room import room_of_its_own

NEED_NO_SERVERS = {
    "",
    "collectstatic",
    "compilemessages",
    "database_url",
    "demo",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "startapp",
    "version",
}
ALWAYS_A_DEMO = {"demo", "test"}
TRIALS = {
    "bench_ledger",
    "bank_test",
    "simulate_month",
}  # on servers of their own, never on those people use


@contextmanager
def prepared_for(arguments: Sequence[str]) -> Iterator[None]:
    """The block runs with everything this command line needs."""
    words = [word for word in arguments[1:] if not word.startswith("-")]
    command = words[0] if words else ""
    if command in ALWAYS_A_DEMO:
        os.environ.setdefault("QICAI_MODE", "demo")
    if command == "demo":
        _keep_compiled_code()
    asks_for_help = bool({"--help", "-h", "--version"} & set(arguments))
    with ExitStack() as stack:
        if command in TRIALS and not asks_for_help:
            signal.signal(signal.SIGTERM, _leave)
            stack.enter_context(room_of_its_own(command))
        elif command not in NEED_NO_SERVERS and not asks_for_help and env.mode() == "demo":
            database, broker = env.uses_embedded_database(), env.uses_embedded_broker()
            if database or broker:
                signal.signal(signal.SIGTERM, _leave)
                stack.enter_context(running(env.data_folder(), database=database, broker=broker))
        yield


def _keep_compiled_code() -> None:
    """Where compiled code may not lie beside the sources, it lies in the data folder.

    A demo starts seven processes; where `PYTHONDONTWRITEBYTECODE` is set, compiling the libraries
    in each of them took longer than all the rest of a second start.
    """
    if sys.dont_write_bytecode:
        sys.pycache_prefix = sys.pycache_prefix or str(env.data_folder().path / "compiled")
        os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        sys.dont_write_bytecode = False


def _leave(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)
