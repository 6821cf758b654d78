"""Finds every message in Python files and templates."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation.template import templatize

# Positions of context, singular and plural among the arguments.
SHAPES = {
    "gettext": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "pgettext": (0, 1, None),
    "npgettext": (0, 1, 2),
}
SHAPES |= {f"{name}_lazy": shape for name, shape in SHAPES.items() if name != "gettext_noop"}
LITERAL = r"u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
# What `templatize` leaves of a template is these calls; everything else is blanked out.
TEMPLATE_CALL = re.compile(
    rf"(?<!\w)(?P<function>n?p?gettext|_)\({LITERAL}(?:,\s*{LITERAL})?(?:,\s*{LITERAL})?", re.DOTALL
)


@dataclass(frozen=True, order=True)
class Message:
    """One thing said to people: singular, plural ('' if it has none), context ('' if it has none)."""

    msgid: str
    plural: str = ""
    context: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What gettext looks a message up by."""
        return self.context, self.msgid


@dataclass
class Found:
    """Messages with one place each, and sentences about calls that can never be translated."""

    messages: dict[Message, str] = field(default_factory=dict)
    mistakes: list[str] = field(default_factory=list)


def extract(root: Path, apps: Iterable[str]) -> Found:
    """All messages of the given app folders and of `templates/` below `root`."""
    found = Found()
    for path in _python_files(root, apps):
        _read_python(path.read_text(), str(path.relative_to(root)), found)
    for path in _templates(root, apps):
        _read_template(path.read_text(), str(path.relative_to(root)), found)
    return found


def _python_files(root: Path, apps: Iterable[str]) -> Iterator[Path]:
    for app in apps:
        for path in sorted((root / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def _templates(root: Path, apps: Iterable[str]) -> Iterator[Path]:
    for folder in [root / "templates", *(root / app / "templates" for app in apps)]:
        yield from sorted(path for path in folder.rglob("*") if path.suffix in {".html", ".txt", ".svg"})


def _read_python(text: str, name: str, found: Found) -> None:
    reader = _PythonReader(name, found)
    tree = ast.parse(text, name)
    reader.learn_names(tree)
    reader.visit(tree)


class _PythonReader(ast.NodeVisitor):
    """Reads calls of Django's translation functions under whatever name the file imported them."""

    def __init__(self, name: str, found: Found):
        self.name = name
        self.found = found
        self.functions: dict[str, str] = {}
        self.modules: set[str] = set()
        self.depth = 0

    def learn_names(self, tree: ast.AST) -> None:
        for node in ast.walk(tree):
            if not isinstance(node, ast.ImportFrom):
                continue
            for alias in node.names:
                if node.module == "django.utils.translation" and alias.name in SHAPES:
                    self.functions[alias.asname or alias.name] = alias.name
                if node.module == "django.utils" and alias.name == "translation":
                    self.modules.add(alias.asname or alias.name)

    def visit_FunctionDef(self, node):
        # Decorators and defaults run when the module is read, the body when the function is called.
        for part in [*node.decorator_list, node.args]:
            self.visit(part)
        self._visit_later(node.body)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node):
        self.visit(node.args)
        self._visit_later([node.body])

    def _visit_later(self, body):
        self.depth += 1
        for part in body:
            self.visit(part)
        self.depth -= 1

    def visit_Call(self, node):
        function = self._function(node.func)
        if function:
            self._read_call(function, node)
        self.generic_visit(node)

    def _function(self, node: ast.AST) -> str | None:
        if isinstance(node, ast.Name):
            return self.functions.get(node.id)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in self.modules:
            return node.attr if node.attr in SHAPES else None
        return None

    def _read_call(self, function: str, node: ast.Call) -> None:
        place = f"{self.name}:{node.lineno}"
        if self.depth == 0 and not function.endswith(("_lazy", "_noop")):
            self.found.mistakes.append(
                f"{place}: {function} runs at import, before any language is known; use the lazy one"
            )
        context, singular, plural = (self._text(node, position, place) for position in SHAPES[function])
        if singular:
            self.found.messages.setdefault(Message(singular, plural or "", context or ""), place)

    def _text(self, node: ast.Call, position: int | None, place: str) -> str | None:
        if position is None or position >= len(node.args):
            return None
        argument = node.args[position]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            return argument.value
        # A name may hold a message marked elsewhere; a text put together here never is one.
        if isinstance(argument, (ast.JoinedStr, ast.BinOp, ast.Call)):
            self.found.mistakes.append(f"{place}: the message is put together at run time; pass one literal text")
        return None


def _read_template(text: str, name: str, found: Found) -> None:
    calls = templatize(text, origin=name)
    for match in TEMPLATE_CALL.finditer(calls):
        function = "gettext" if match["function"] == "_" else match["function"]
        literals = [ast.literal_eval(literal) for literal in match.groups()[1:] if literal]
        place = f"{name}:{calls.count(chr(10), 0, match.start()) + 1}"
        context, singular, plural = (
            literals[position] if position is not None and position < len(literals) else ""
            for position in SHAPES[function]
        )
        if "\n" in singular:
            found.mistakes.append(f"{place}: blocktranslate without `trimmed` makes line breaks part of the message")
        if singular:
            found.messages.setdefault(Message(singular, plural, context), place)
