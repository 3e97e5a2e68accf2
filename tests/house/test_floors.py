"""The floor plan: what each floor may lean on, read from the imports. A new library on a lower floor is a conscious line here."""

import ast
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STDLIB = set(sys.stdlib_module_names)
LETTERS = {"letters", "jinja2", "markupsafe", "weasyprint", "pydyf", "pikepdf", "segno", "babel", "lokal", "fontTools"}
MODELS = {"sqlalchemy", "flask_login", "workflows"}
FLOORS = {
    "workflows": {"workflows"},
    "letters": LETTERS,
    "webapp/models": MODELS,
    "webapp/upload_child.py": {"pikepdf", "PIL", "pi_heif"},
    "webapp/page_child.py": {"pypdfium2", "PIL", "pi_heif", "zxingcpp"},
    "webapp/scan_child.py": {"pypdfium2", "PIL", "pi_heif", "pikepdf", "zxingcpp"},
    "webapp/sheets": {"workflows", "python_calamine"},
    "config.py": set(),
}
# Within webapp, one way: what a room may take from its own house.
ROOMS = {
    "webapp/models": {"webapp.models", "webapp.db", "webapp.seal"},
    "webapp/papers": {"webapp.papers", "webapp.models", "webapp.clock", "webapp.access"},
    "webapp/sheets": {"webapp.sheets"},
}


def files_of(floor: str) -> list[Path]:
    path = ROOT / floor
    return [path] if path.is_file() else sorted(path.rglob("*.py"))


def imports_of(path: Path) -> set[str]:
    """Full names of all imported modules, relative ones resolved."""
    package = path.relative_to(ROOT).with_suffix("").parts
    package = package[:-1]
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, [base, node.module or ""]))
            found |= {module} if node.module else {f"{module}.{each.name}" for each in node.names}
    return found


@pytest.mark.parametrize("floor", FLOORS)
def test_a_floor_leans_only_on_what_it_may(floor):
    allowed = FLOORS[floor] | STDLIB
    wrong = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in files_of(floor)
        for name in imports_of(path)
        if (top := name.split(".")[0]) not in allowed and not (top == "webapp" and floor in ROOMS)
    }
    assert not wrong


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_of_the_edge_looks_only_down(room):
    wrong = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in files_of(room)
        for name in imports_of(path)
        if name.startswith("webapp") and not any(name == each or name.startswith(f"{each}.") for each in ROOMS[room])
    }
    assert not wrong


def test_the_law_and_the_press_do_not_know_each_other():
    assert not any(name.startswith("letters") for path in files_of("workflows") for name in imports_of(path))
    assert not any(name.startswith("workflows") for path in files_of("letters") for name in imports_of(path))


def test_models_know_no_letters_no_views_and_no_request():
    for path in files_of("webapp/models"):
        names = imports_of(path)
        assert not any(name.startswith(("letters", "flask.", "webapp.views", "webapp.papers")) or name == "flask" for name in names), path


def test_the_environment_is_read_in_one_file():
    for path in [*ROOT.glob("*.py"), *(ROOT / "webapp").rglob("*.py"), *(ROOT / "workflows").rglob("*.py")]:
        if path.name != "config.py":
            assert "os.environ" not in path.read_text(encoding="utf-8"), path


def test_the_clock_is_read_in_one_file():
    clock = re.compile(r"(datetime|date)\.(now|today|utcnow)\(|time\.time\(")
    for path in (ROOT / "webapp").rglob("*.py"):
        if path.name != "clock.py":
            assert not clock.search(path.read_text(encoding="utf-8")), path


def test_models_never_commit():
    for path in files_of("webapp/models"):
        assert ".commit(" not in path.read_text(encoding="utf-8"), path


def test_views_hold_no_sql():
    core = {"text", "insert", "update", "delete"}
    for path in files_of("webapp/views"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        taken = {
            each.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy") for each in node.names
        }
        assert not taken & core, path


def test_every_module_says_what_it_is_for():
    for folder in ("webapp", "letters", "workflows"):
        for path in (ROOT / folder).rglob("*.py"):
            if "migrations" not in path.parts:
                assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), path


def test_pages_hold_no_inline_script_or_style():
    inline = re.compile(r"<style\b|<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=", re.IGNORECASE)
    for path in (ROOT / "templates").rglob("*.html"):
        markup = re.sub(r"{[{%#].*?[}%#]}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not inline.search(markup), path


def test_every_post_form_carries_its_key():
    form = re.compile(r"<form\b[^>]*method=[\"']?post[^>]*>(.*?)</form>", re.IGNORECASE | re.DOTALL)
    for path in (ROOT / "templates").rglob("*.html"):
        for body in form.findall(path.read_text(encoding="utf-8")):
            assert "once()" in body or "hidden_tag()" in body or "csrf_token" in body, path


def test_templates_are_looked_at_and_nothing_else():
    assert {path.suffix for path in (ROOT / "templates").rglob("*") if path.is_file()} == {".html"}
