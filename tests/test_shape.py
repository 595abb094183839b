"""The shape of the code: imports run one way, migrations have one leaf per app, every template
compiles, and no Chinese word reaches a screen unmarked for translation.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.db.migrations import AddConstraint, AddField, AddIndex, CreateModel, Migration
from django.db.migrations.loader import MigrationLoader
from django.template import engines

from accounts.migrating import WholeMigration

PROJECT = Path(__file__).resolve().parent.parent
PACKAGES = ("accounts", "timebank", "ventures", "config")
CJK = re.compile(r"[㐀-鿿豈-﫿]")


# Imports --------------------------------------------------------------------------------


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            str(Path(sys.executable).with_name("lint-imports")),
            *("--config", str(PROJECT / "pyproject.toml"), "--no-cache"),
        ],
        cwd=folder,
        env={**os.environ, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_imports_run_one_way():
    verdict = lint_imports(PROJECT)

    assert verdict.returncode == 0, verdict.stdout


@pytest.mark.parametrize(
    ("place", "planted", "contract"),
    [
        ("accounts/models/regions.py", "import timebank.models", "Apps know downwards"),
        ("timebank/rules/orders.py", "import ventures.models", "Apps know downwards"),
        ("ventures/rules/rounds.py", "import config.settings", "Apps know downwards"),
        ("ventures/rules/rounds.py", "import timebank.models", "through its doors only"),
        ("timebank/models/__init__.py", "import timebank.services", "Inside an app"),
        ("ventures/errors/rounds.py", "import ventures.models", "Inside an app"),
        ("accounts/rules.py", "import accounts.views", "Inside an app"),
    ],
)
def test_planted_import_breaks_its_contract(tmp_path, place, planted, contract):
    for package in PACKAGES:
        shutil.copytree(
            PROJECT / package,
            tmp_path / package,
            ignore=lambda folder, names: {
                name for name in names if not (Path(folder, name).is_dir() or name.endswith(".py"))
            },
        )
    with (tmp_path / place).open("a") as module:
        module.write(f"\n{planted}\n")

    verdict = lint_imports(tmp_path)

    assert verdict.returncode == 1
    broken = [line for line in verdict.stdout.splitlines() if " BROKEN" in line]
    assert any(contract in line for line in broken)


# Migrations -----------------------------------------------------------------------------


def test_migration_makes_a_table_whole():
    """Constraints and indexes of a new table stand in its CreateModel: a step that changes what its
    own migration made waits for a new drawing of every model."""
    migrations = MigrationLoader(None).disk_migrations.items()
    beside = [
        f"{app}.{name}: {operation.describe()}"
        for (app, name), migration in migrations
        if app in PACKAGES
        for operation in migration.operations
        if isinstance(operation, AddConstraint | AddIndex)
        and operation.model_name_lower in whole_tables(migration)
    ]

    assert beside == []


def test_migrations_draw_the_models_once_for_many_steps():
    plain = [
        f"{app}.{name}"
        for (app, name), migration in MigrationLoader(None).disk_migrations.items()
        if app in PACKAGES and not isinstance(migration, WholeMigration)
    ]

    assert plain == [], "class Migration(WholeMigration), from accounts.migrating"


def whole_tables(migration: Migration) -> set[str]:
    """The models it makes in one operation, to which no field is added later."""
    made = {one.name_lower for one in migration.operations if isinstance(one, CreateModel)}
    grown = {one.model_name_lower for one in migration.operations if isinstance(one, AddField)}
    return made - grown


@pytest.mark.parametrize("app", ["accounts", "timebank", "ventures"])
def test_app_has_one_migration_leaf(app):
    loader = MigrationLoader(None)

    assert len(loader.graph.leaf_nodes(app)) == 1


def test_migrations_say_what_they_do():
    nameless = [
        path
        for package in PACKAGES
        for path in (PROJECT / package).glob("migrations/0*.py")
        if re.match(r"\d{4}_(auto|alter|initial)", path.name)
    ]

    assert nameless == []


# Templates ------------------------------------------------------------------------------


def templates() -> list[Path]:
    return sorted(
        path
        for package in PACKAGES
        for path in (PROJECT / package).glob("templates/**/*")
        if path.suffix in {".html", ".txt", ".svg", ".xml", ".ics"}
    )


def test_every_template_compiles():
    engine = engines["django"]

    for path in templates():
        root = next(parent for parent in path.parents if parent.name == "templates")
        engine.get_template(str(path.relative_to(root)))


INLINE = re.compile(
    r"<style\b|\sstyle=|\son(?!ly\b)[a-z]+=|javascript:|<script(?![^>]*\bsrc=)", re.I
)
DATA_SCRIPT = re.compile(r'<script[^>]*type="application/(ld\+)?json"')


def test_templates_hold_nothing_inline():
    """The content security policy refuses inline scripts, styles and handlers."""
    found = [
        f"{path.relative_to(PROJECT)}:{number}"
        for path in templates()
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if INLINE.search(line) and not DATA_SCRIPT.search(line)
    ]

    assert not found, "\n".join(map(str, found))


# Words ----------------------------------------------------------------------------------
#
# Source strings are Chinese and everything shown is marked for translation. Not shown, and so not
# marked: docstrings, migrations, the demo's content, commands for the terminal (in Chinese), and a
# line that says why with `# not shown: …`. A template's line may say `{# not translated: … #}`.

MARKERS = {
    "_",
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
    "npgettext",
    "npgettext_lazy",
}
NOT_SHOWN = "# not shown:"
CONTENT = ("config/demo/", "/migrations/", "/management/commands/")


def python_files() -> list[Path]:
    return sorted(
        path
        for package in PACKAGES
        for path in (PROJECT / package).rglob("*.py")
        if not any(part in path.as_posix() for part in CONTENT)
    )


class UnmarkedWords(ast.NodeVisitor):
    """Collects the lines of Chinese literals that nothing marks."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.found: list[int] = []
        self.markers = set(MARKERS)

    def visit_ImportFrom(self, statement: ast.ImportFrom) -> None:
        if statement.module == "django.utils.translation":
            for name in statement.names:
                if name.name in MARKERS and name.asname:
                    self.markers.add(name.asname)

    def visit_Call(self, call: ast.Call) -> None:
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        if name in self.markers:
            for argument in call.args:
                if not isinstance(argument, ast.Constant):
                    self.visit(argument)
            return
        self.visit(call.func)
        for argument in call.args:
            self.visit(argument)
        languages = {keyword.arg for keyword in call.keywords}
        for keyword in call.keywords:
            # A start is refused before translations are there: in both languages at once.
            if not (keyword.arg == "zh" and "en" in languages):
                self.visit(keyword.value)

    def visit_Expr(self, expression: ast.Expr) -> None:
        if not isinstance(expression.value, ast.Constant):  # docstrings stand alone
            self.visit(expression.value)

    def visit_Constant(self, constant: ast.Constant) -> None:
        if isinstance(constant.value, str) and CJK.search(constant.value):
            lines = self.lines[constant.lineno - 1 : constant.end_lineno]
            if not any(NOT_SHOWN in line for line in lines):
                self.found.append(constant.lineno)


def test_python_shows_no_unmarked_word():
    found = []
    for path in python_files():
        source = path.read_text()
        visitor = UnmarkedWords(source.splitlines())
        visitor.visit(ast.parse(source))
        found += [f"{path.relative_to(PROJECT)}:{line}" for line in sorted(set(visitor.found))]

    assert not found, "\n".join(map(str, found))


MARKED_IN_TEMPLATE = re.compile(
    r"""
      \{%\s*comment.*?endcomment\s*%\}
    | \{\#.*?\#\}
    | <!--.*?-->
    | \{%\s*blocktrans(?:late)?\b.*?\{%\s*endblocktrans(?:late)?\s*%\}
    | \{%\s*trans(?:late)?\s+(?:"[^"]*"|'[^']*').*?%\}
    | _\((?:"[^"]*"|'[^']*')\)
    """,
    re.S | re.X,
)


def blanked(match: re.Match[str]) -> str:
    return "\n" * match.group().count("\n")


def test_templates_show_no_unmarked_word():
    found = []
    for path in templates():
        source = path.read_text()
        if source.startswith("{# both languages"):
            continue
        rest = MARKED_IN_TEMPLATE.sub(blanked, source)
        found += [
            f"{path.relative_to(PROJECT)}:{number}"
            for number, (line, as_written) in enumerate(
                zip(rest.splitlines(), source.splitlines(), strict=True), 1
            )
            if CJK.search(line) and "{# not translated:" not in as_written
        ]

    assert not found, "\n".join(map(str, found))


JS_COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'])//[^\n]*", re.S)


def test_scripts_show_no_word_of_their_own():
    """Scripts take their words from the page (data attributes), where they are marked.

    What they read and do not show says so at the end of its line: `// not shown: …`.
    """
    found = []
    for package in PACKAGES:
        for path in sorted((PROJECT / package).rglob("static/**/*.js")):
            if "vendor" in path.parts:
                continue
            source = path.read_text()
            rest = JS_COMMENT.sub(blanked, source)
            found += [
                f"{path.relative_to(PROJECT)}:{number}"
                for number, (line, as_written) in enumerate(
                    zip(rest.splitlines(), source.splitlines(), strict=True), 1
                )
                if CJK.search(line) and "// not shown:" not in as_written
            ]

    assert not found, "\n".join(map(str, found))


def test_checker_sees_what_it_should():
    source = 'a = _("好")\nb = "坏"\nc = f"坏{a}"\nd = "甲"  # not shown: a key\n"""文"""\n'
    visitor = UnmarkedWords(source.splitlines())
    visitor.visit(ast.parse(source))

    assert visitor.found == [2, 3]


# Modules --------------------------------------------------------------------------------


def test_every_module_says_what_lives_there():
    silent = [
        str(path.relative_to(PROJECT))
        for package in PACKAGES
        for path in sorted((PROJECT / package).rglob("*.py"))
        if path.read_text().strip()
        and "migrations" not in path.parts
        and ast.get_docstring(ast.parse(path.read_text())) is None
    ]

    assert not silent, "\n".join(silent)


def test_no_house_of_odds_and_ends():
    names = {"utils", "common", "core", "helpers", "misc"}

    found = [
        path
        for package in PACKAGES
        for path in (PROJECT / package).rglob("*")
        if path.stem in names and (path.suffix == ".py" or path.is_dir())
    ]

    assert not found, "\n".join(map(str, found))


def test_project_package_has_no_models():
    assert list(apps.get_app_config("config").get_models()) == []
