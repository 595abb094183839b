"""Demo or production, where the data lies, what the site is called and answers to."""

from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from config.embedded.errors import CannotStart
from config.embedded.folder import DataFolder
from config.env.reading import required, text, yes_or_no

Mode = Literal["demo", "production"]

PROJECT = Path(__file__).resolve().parent.parent.parent


def mode() -> Mode:
    """Demo or production. In doubt it asks: a real database is never guessed to be a demo."""
    match text("QICAI_MODE"):
        case "demo":
            return "demo"
        case "production":
            return "production"
        case "":
            if uses_embedded_database():
                return "demo"
            raise CannotStart(
                zh="已设置 DATABASE_URL 而没有设置 QICAI_MODE：请写明 demo 或 production。",
                en="DATABASE_URL is set but QICAI_MODE is not: say demo or production.",
            )
        case other:
            raise CannotStart(
                zh=f"QICAI_MODE 须为 demo 或 production，现在是“{other}”。",
                en=f"QICAI_MODE must be demo or production, not “{other}”.",
            )


def debug() -> bool:
    wanted = yes_or_no("DEBUG", unset=False)
    if wanted and mode() == "production":
        raise CannotStart(zh="生产环境不得打开 DEBUG。", en="DEBUG must not be on in production.")
    return wanted


def data_folder() -> DataFolder:
    """The data folder with everything we know to be in it."""
    return DataFolder(Path(text("QICAI_DATA") or PROJECT / ".data").expanduser().resolve())


def data_dir() -> Path:
    return data_folder().path


def secret_key() -> str:
    if mode() == "production":
        return required("SECRET_KEY", zh="至少 50 个随机字符", en="at least 50 random characters")
    return text("SECRET_KEY") or data_folder().secret("secret_key")


def public_address() -> str:
    """Scheme and host as people type it, without a slash at the end."""
    address = text("PUBLIC_ADDRESS")
    if not address and mode() == "demo":
        return "http://127.0.0.1:8000"
    address = required("PUBLIC_ADDRESS", zh="例如 https://qicai.example.cn", en="https://…").rstrip(
        "/"
    )
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path:
        raise CannotStart(
            zh=f"PUBLIC_ADDRESS 须形如 https://qicai.example.cn，现在是“{address}”。",
            en=f"PUBLIC_ADDRESS must look like https://qicai.example.cn, not “{address}”.",
        )
    return address


def allowed_hosts() -> list[str]:
    listed = [host.strip() for host in text("ALLOWED_HOSTS").split(",") if host.strip()]
    if listed:
        return listed
    if mode() == "demo":
        return ["127.0.0.1", "localhost", "[::1]"]
    host = urlsplit(public_address()).hostname
    assert host is not None, "public_address() refuses an address without a host"
    return [host, "127.0.0.1"]  # the second for health checks on the machine itself


def trusted_origins() -> list[str]:
    return [public_address()] if mode() == "production" else []


def ssl_redirect() -> bool:
    return yes_or_no("SSL_REDIRECT", unset=True)


def uses_embedded_database() -> bool:
    return not text("DATABASE_URL")


def uses_embedded_broker() -> bool:
    return not text("BROKER_URL")
