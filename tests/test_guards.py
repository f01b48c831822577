"""Rules that hold for the whole package, read from its source."""

import ast
import json
import re
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from reflect.corpus import Corpus
from reflect.errors import ReflectError
from reflect.ingest import import_folder, import_table
from reflect.validation import faults

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "reflect"
FILES = sorted(SOURCE.rglob("*.py"))
TREES = {path.relative_to(SOURCE).as_posix(): ast.parse(path.read_text("utf-8")) for path in FILES}
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def module_name(file: str) -> str:
    name = file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    return "reflect" if name == "__init__" else f"reflect.{name}"


MODULES = {module_name(file): tree for file, tree in TREES.items()}


def imported(node: ast.AST) -> list[str]:
    """Names of modules in an import statement; ``from a import b`` may mean a or a.b."""
    if isinstance(node, ast.Import):
        return [name.name for name in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [node.module, *(f"{node.module}.{name.name}" for name in node.names)]
    return []


def at_import(tree: ast.Module) -> list[ast.AST]:
    """Statements that run when the module is imported; blocks for type checkers do not."""
    found, waiting = [], list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            waiting.extend(node.orelse)
            continue
        found.append(node)
        waiting.extend(child for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt))
    return found


def places(kind: type, matches=lambda node: True) -> list[str]:
    return [
        f"{file}:{node.lineno}"
        for file, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, kind) and matches(node)
    ]


def test_there_is_something_to_guard():
    assert len(FILES) > 40 and len(NOTEBOOKS) == 6


@pytest.mark.parametrize("file", [file for file in TREES if not file.startswith("figures/")])
def test_only_figures_import_matplotlib(file):
    # For type checkers alone the name may be known.
    tree = TREES[file]
    hinted = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    used = [
        name
        for node in ast.walk(tree)
        if id(node) not in hinted
        for name in imported(node)
        if name.split(".")[0] in {"matplotlib", "pylab", "seaborn", "plotly"}
    ]
    assert used == []


def test_nothing_imports_pyplot():
    found = [
        file
        for file, tree in TREES.items()
        for node in ast.walk(tree)
        if any("pyplot" in name for name in imported(node))
    ]
    assert found == []


def test_nothing_is_printed():
    def prints(node: ast.Call) -> bool:
        return isinstance(node.func, ast.Name) and node.func.id in {"print", "pprint", "breakpoint"}

    assert places(ast.Call, prints) == []


def test_nothing_is_asserted():
    assert places(ast.Assert) == []


def test_no_fault_is_caught_without_a_name():
    assert places(ast.ExceptHandler, lambda node: node.type is None) == []


@pytest.mark.parametrize("name", ["exec", "eval", "system", "urlopen", "urlretrieve"])
def test_nothing_runs_text_or_opens_addresses(name):
    def calls(node: ast.Call) -> bool:
        function = node.func
        called = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
        return called == name

    assert places(ast.Call, calls) == []


@pytest.mark.parametrize("module", ["requests", "urllib.request", "http.client", "httpx", "socket"])
def test_nothing_talks_to_the_network(module):
    found = [
        file
        for file, tree in TREES.items()
        for node in ast.walk(tree)
        if any(name == module or name.startswith(f"{module}.") for name in imported(node))
    ]
    assert found == []


def test_no_modules_import_each_other_in_a_circle():
    graph = {
        name: {
            other
            for node in at_import(tree)
            for other in imported(node)
            if other in MODULES and other != name and not name.startswith(f"{other}.")
        }
        for name, tree in MODULES.items()
    }
    assert any(graph.values())
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        pytest.fail(" -> ".join(circle.args[1]))


def public(tree: ast.Module) -> list[tuple[str, ast.AST]]:
    """Public functions and classes of a module, and the public methods of its public classes."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    found = []
    for node in tree.body:
        if isinstance(node, kinds) and not node.name.startswith("_"):
            found.append((node.name, node))
            for inner in node.body if isinstance(node, ast.ClassDef) else []:
                if isinstance(inner, kinds) and not inner.name.startswith("_"):
                    found.append((f"{node.name}.{inner.name}", inner))
    return found


@pytest.mark.parametrize("module", MODULES)
def test_every_public_name_has_a_docstring(module):
    tree = MODULES[module]
    assert ast.get_docstring(tree), "the module itself"
    assert [name for name, node in public(tree) if not ast.get_docstring(node)] == []


def unhinted(node: ast.FunctionDef, method: bool) -> bool:
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    static = any(ast.unparse(decorator) == "staticmethod" for decorator in node.decorator_list)
    arguments = arguments[1:] if method and not static else arguments
    arguments += [argument for argument in (node.args.vararg, node.args.kwarg) if argument]
    return node.returns is None or any(argument.annotation is None for argument in arguments)


@pytest.mark.parametrize("module", MODULES)
def test_every_public_function_has_full_hints(module):
    found = [
        name
        for name, node in public(MODULES[module])
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and unhinted(node, "." in name)
    ]
    assert found == []


@pytest.mark.parametrize("file", TREES)
def test_no_machine_and_no_address_of_a_registry_in_the_source(file):
    text = (SOURCE / file).read_text("utf-8")
    assert not re.search(r"/home/|/root/|/Users/|/work/|C:\\\\|pypi\.org|files\.pythonhosted", text)


def translatable(notebook: Path) -> list[dict]:
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    return [
        cell
        for cell in cells
        if cell["cell_type"] == "markdown"
        and "notebook-only" not in cell["metadata"].get("tags", [])
    ]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_cell_of_the_report_has_a_german_text(notebook):
    def heads(text: str) -> list[str]:
        return re.findall(r"^#+(?= )", text, flags=re.MULTILINE)

    for cell in translatable(notebook):
        source = "".join(cell["source"])
        german = cell["metadata"].get("reflect", {}).get("de", "")
        assert german.strip(), source[:60]
        assert german != source
        assert heads(german) == heads(source), source[:60]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_declare_the_parameters_that_a_report_sets(notebook):
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    declared = [
        "".join(cell["source"])
        for cell in cells
        if "parameters" in cell["metadata"].get("tags", [])
    ]
    assert len(declared) == 1
    wanted = ["CORPUS", "LANGUAGE", "SEED"] + ["TANDEM"] * (notebook.stem == "tandem")
    for name in wanted:
        assert re.search(rf"^{name}\s*=", declared[0], flags=re.MULTILINE)


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_hold_no_path_of_a_machine(notebook):
    assert not re.search(r"/home/|/root/|/Users/|/work/|/tmp/", notebook.read_text("utf-8"))


def test_importing_loads_nothing_heavy_and_changes_nothing():
    code = (
        "import sys, random, warnings\n"
        "state, filters = random.getstate(), list(warnings.filters)\n"
        "import reflect\n"
        "heavy = {'pandas', 'numpy', 'spacy', 'sklearn', 'matplotlib', 'yaml', 'torch'}\n"
        "loaded = sorted(heavy & set(sys.modules))\n"
        "sys.exit(str(loaded) if loaded else state != random.getstate() or "
        "filters != list(warnings.filters))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def test_every_name_that_the_package_promises_is_there():
    import reflect

    assert {"Corpus", "annotate", "rates", "fit_topics"} <= set(dir(reflect))
    for name in reflect.__all__:
        assert getattr(reflect, name) is not None
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        reflect.nothing  # noqa: B018


# A name that only a diary knows ----------------------------------------------------------------

SECRET = "Zaubernuss Quittenbaum"


@pytest.mark.parametrize(
    "tables",
    [
        {"entries": f'entry_id,participant_id,date,text\ne1,A-L,someday,"{SECRET}"\n'},
        {"entries": f"entry_id,participant_id,date,text\ne1,nobody,2025-03-03,{SECRET}\n"},
        {"entries": f"entry_id,participant_id,date,text\ne1,A-L,2025-03-03,{SECRET},more\n"},
        {"entries": f'entry_id,participant_id,date,text\ne1,A-L,2025-03-03,"{SECRET}\n'},
        {
            "entries": "entry_id,participant_id,date,text,language,prompt\n"
            f"e1,A-L,2025-03-03,{SECRET},xx,{SECRET}\ne1,A-L,2025-03-03,{SECRET},de,\n"
        },
        {
            "entries": f"entry_id,participant_id,date,text\ne1,A-L,2025-03-03,{SECRET}\n".encode()
            + b"e2,A-L,2025-03-03,\xff\xfe\x00\x81 Quittenbaum\n"
        },
        {"events": f"event_id,tandem_id,date,kind,description\nv1,Z,never,,{SECRET}\n"},
        {"outcomes": f"outcome_id,participant_id,date,kind,description\no1,Z,never,,{SECRET}\n"},
        {"codes": "coder_id,entry_id,start,end,marker,direction\nc1,e1,9999,5,insight,\n"},
    ],
)
def test_faults_of_a_corpus_never_tell_a_text(build_corpus, tables):
    folder = build_corpus(**tables)
    with pytest.raises(ReflectError, match=r"\.csv") as fault:
        Corpus.load(folder)
    told = str(fault.value) + repr(fault.value) + faults(folder).to_csv()
    assert "Quittenbaum" not in told


@pytest.mark.parametrize(
    "row",
    [
        f"A-L;A;leader;someday;{SECRET}",
        f"A-L;A;leader;03/04/2025;{SECRET}",
        f";A;leader;2025-03-03;{SECRET}",
        f"A-L;A;;2025-03-03;{SECRET}",
        f"A-L;A;leader;2025-03-03;{SECRET};more",
        f'A-L;A;leader;2025-03-03;"{SECRET}',
    ],
)
def test_a_failing_import_never_tells_a_text(tmp_path, row):
    source = tmp_path / "export.csv"
    source.write_text(f"who;pair;role;when;what\n{row}\n", encoding="utf-8")
    names = {"participant": "who", "tandem": "pair", "side": "role", "date": "when", "text": "what"}
    told = ""
    try:
        done = import_table(source, tmp_path / "corpus", **names)
        told = done.unfinished.to_csv()
    except ReflectError as fault:
        told = str(fault) + str(fault.__cause__) + str(fault.__context__)
    assert "Quittenbaum" not in told


def test_a_folder_that_cannot_be_imported_tells_no_text(tmp_path):
    folder = tmp_path / "diaries"
    folder.mkdir()
    (folder / "no pattern at all.txt").write_text(SECRET)
    (folder / "broken.docx").write_text(SECRET)
    with pytest.raises(ReflectError, match="diaries|pattern") as fault:
        import_folder(folder, tmp_path / "corpus")
    assert "Quittenbaum" not in str(fault.value) + str(fault.value.__cause__)
    assert not (tmp_path / "corpus").exists()
