"""pyproject.toml, requirements.lock and environment.yml describe one environment."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]


def name_of(text: str) -> str:
    return re.sub(r"[-_.]+", "-", text).lower()


def locked() -> dict[str, str]:
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    pinned = [line.partition("==") for line in lines if line and not line.startswith("#")]
    return {name_of(name): version for name, _, version in pinned}


def declared() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extra = project["optional-dependencies"]["test"]
    return [Requirement(text) for text in [*project["dependencies"], *extra]]


@pytest.mark.parametrize("requirement", declared(), ids=str)
def test_the_lock_satisfies_every_declared_dependency(requirement):
    assert requirement.specifier.contains(locked()[name_of(requirement.name)])


def test_the_lock_holds_exact_versions_and_no_addresses():
    text = (ROOT / "requirements.lock").read_text()
    assert not re.search(r"https?:|file:|@|--", text)
    assert all(re.fullmatch(r"[0-9][\w.!]*", version) for version in locked().values())


def test_conda_gets_the_same_versions():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    pip = next(part["pip"] for part in environment["dependencies"] if isinstance(part, dict))
    pinned = dict(line.split("==") for line in pip if not line.startswith("--"))
    assert {name_of(name): version for name, version in pinned.items()} == {
        name_of(requirement.name): locked()[name_of(requirement.name)] for requirement in declared()
    }
    assert "--constraint requirements.lock" in pip


def test_the_top_level_holds_nothing_more_than_was_agreed():
    allowed = {
        "notebooks",
        "src",
        "corpora",
        "reports",
        "tests",
        "environment.yml",
        "README.md",
        "pyproject.toml",
        "requirements.lock",
        "Makefile",
        "LICENSE",
        "CITATION.cff",
    }
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert found - {"build"} <= allowed
