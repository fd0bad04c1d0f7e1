"""Every part of the runtime is used by the product or by an example."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUNTIME = ROOT / "src" / "steward" / "runtime"
OFFERS = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def parsed(folder):
    """Return the syntax of each file; the simulator uses nothing of the runtime."""
    return {path: ast.parse(path.read_text()) for path in folder.rglob("*.py") if "sim" not in path.parts}


def test_every_public_part_is_used_by_the_product_or_an_example():
    product, examples = parsed(ROOT / "src" / "steward"), parsed(ROOT / "examples")
    trees = [tree for path, tree in (product | examples).items() if path.name != "__init__.py"]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    used = {node.id for node in nodes if isinstance(node, ast.Name)}
    used |= {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    offered = {
        node.name: path
        for path, tree in product.items()
        if path.is_relative_to(RUNTIME)
        for node in tree.body
        if isinstance(node, OFFERS) and not node.name.startswith("_")
    }
    assert len(offered) > 100
    assert {name: path for name, path in offered.items() if name not in used} == {}
