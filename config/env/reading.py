"""Read one name: from the environment, or from the file that NAME_FILE says."""

import os
from pathlib import Path

import environ

from config.embedded.errors import CannotStart


def text(name: str) -> str:
    """The value of a name, stripped; empty when unset. A `$` in it is a `$`."""
    if file := os.environ.get(f"{name}_FILE"):
        try:
            return Path(file).read_text().strip()
        except OSError as trouble:
            raise CannotStart(
                zh=f"{name}_FILE 指向的文件 {file} 无法读取。",
                en=f"The file {file} named by {name}_FILE cannot be read.",
            ) from trouble
    return os.environ.get(name, "").strip()


def required(name: str, *, zh: str, en: str) -> str:
    value = text(name)
    if not value:
        raise CannotStart(
            zh=f"生产环境须设置环境变量 {name}：{zh}。",
            en=f"Production needs the environment variable {name}: {en}.",
        )
    return value


def yes_or_no(name: str, *, unset: bool) -> bool:
    value = text(name).lower()
    if not value:
        return unset
    if value in environ.Env.BOOLEAN_TRUE_STRINGS:
        return True
    if value in {"0", "false", "no", "off", "n", "f"}:
        return False
    raise CannotStart(
        zh=f"环境变量 {name} 须为 yes 或 no，现在是“{value}”。",
        en=f"{name} must be yes or no, not “{value}”.",
    )
