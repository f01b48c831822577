"""Codebooks: rule files that a researcher can read, check and extend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from reflect.errors import CodebookError
from reflect.markers.pattern import PatternError, compile_pattern, is_class

FAMILIES = (
    "insight",
    "revision",
    "expectation_violation",
    "perspective_taking",
    "self_questioning",
    "learning",
    "advice",
    "commonality",
    "difference",
    "generalization",
    "commitment",
    "self_efficacy",
    "difficulty",
    "key_moment",
)
DIRECTIONS = {
    "learning": ("from_partner", "to_partner", "mutual", "from_other", "unspecified"),
    "advice": ("received", "given", "mutual", "received_other"),
}
GATES = (
    "negated",
    "question",
    "irrealis",
    "reported",
    "quoted",
    "generic",
    "prompt",
    "other_subject",
    "unlikely",
)
LANGUAGES = ("de", "en")
_KEYS = {"id", "family", "direction", "pattern", "fires", "silent", "allow", "only", "weak"} | {
    "deny",
    "sure",
    "note",
}


@dataclass(frozen=True)
class Rule:
    """One rule of a codebook.

    ``allow`` names the gates that do not apply (a rule whose cue contains its own negation
    allows ``negated``), ``deny`` those that apply although its family is exempt from them
    (``changed my mind`` denied is no revision); ``only: question`` limits a rule to questions; a
    ``weak`` rule counts only where the model agrees and passes the gates of the model's own hits,
    so that it allows and denies none; a ``sure`` one rests on a cue so explicit that the model
    does not doubt it in running text, where it doubts all others.
    """

    id: str
    family: str
    pattern: str
    fires: tuple[str, ...]
    silent: tuple[str, ...]
    direction: str = ""
    allow: frozenset[str] = frozenset()
    only: str = ""
    weak: bool = False
    note: str = ""
    sure: bool = False
    deny: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Codebook:
    """Word classes and rules of one language."""

    language: str
    words: Mapping[str, tuple[str, ...]]
    rules: tuple[Rule, ...]

    def merged(self, other: Codebook) -> Codebook:
        """This codebook with another's classes extended and rules added or overridden by id."""
        words = dict(self.words)
        for name, forms in other.words.items():
            words[name] = tuple(dict.fromkeys((*words.get(name, ()), *forms)))
        rules = {rule.id: rule for rule in self.rules}
        rules.update({rule.id: rule for rule in other.rules})
        kept = tuple(rule for rule in rules.values() if rule.pattern)
        return replace(self, words=words, rules=kept)


@lru_cache(maxsize=4)
def builtin(language: str) -> Codebook:
    """The codebook that comes with the package.

    Raises
    ------
    CodebookError
        If there is none for the language.
    """
    if language not in LANGUAGES:
        raise CodebookError(f"no codebook for language {language!r}: use one of {LANGUAGES}")
    file = resources.files("reflect.markers") / f"codebook.{language}.yml"
    return parse_codebook(file.read_text(encoding="utf-8"), file.name, {})


def load_codebook(path: str | Path) -> Codebook:
    """Read a rule file and merge it over the built-in codebook of its language.

    Parameters
    ----------
    path : str or Path
        YAML with ``language``, optional ``words`` (class name: list of words, added to the
        built-in class of that name) and ``rules``. A rule whose id exists replaces the
        built-in one; ``pattern: ""`` with an existing id switches it off.

    Raises
    ------
    CodebookError
        If the file or a rule is bad; names file, rule, what is wrong and the remedy.
    """
    path = Path(path)
    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CodebookError(f"{path.name}: cannot be read as UTF-8 text; check the path") from error
    language = _header(source, path.name)["language"]
    base = builtin(language)
    known = {rule.id for rule in base.rules}
    return base.merged(parse_codebook(source, path.name, base.words, known))


def parse_codebook(
    source: str,
    name: str,
    base_words: Mapping[str, tuple[str, ...]],
    known: set[str] | None = None,
) -> Codebook:
    """Read and check the text of a rule file (see `load_codebook`).

    Raises
    ------
    CodebookError
        At the first fault.
    """
    data = _header(source, name)
    words = {}
    for key, forms in (data.get("words") or {}).items():
        if not isinstance(key, str) or not is_class(key):
            raise CodebookError(f"{name}: word class {key!r}: write its name in capitals")
        words[key] = _words(forms, f"{name}: word class {key}")
    everything = {**base_words, **words}
    for key, forms in words.items():
        for form in forms:
            if is_class(form) and form not in everything and form.isascii() and len(form) > 2:
                raise CodebookError(f"{name}: word class {key}: unknown class {form}; define it")
    rules, seen = [], set()
    for number, entry in enumerate(data.get("rules") or [], start=1):
        rule = _rule(entry, f"{name}: rule {number}", everything, known or set())
        if rule.id in seen:
            raise CodebookError(f"{name}: rule {rule.id}: the id stands twice; rename one")
        seen.add(rule.id)
        rules.append(rule)
    return Codebook(data["language"], words, tuple(rules))


def _header(source: str, name: str) -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        data = yaml.load(source, Loader=loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise CodebookError(f"{name}{line}: not valid YAML; check indents and quotes") from error
    if not isinstance(data, dict):
        raise CodebookError(f"{name}: must hold language, words and rules; see codebook.de.yml")
    if data.get("language") not in LANGUAGES:
        raise CodebookError(f"{name}: set language to one of {', '.join(LANGUAGES)}")
    if not isinstance(data.get("rules") or [], list):
        raise CodebookError(f"{name}: rules must be a list; start each rule with '- id:'")
    if not isinstance(data.get("words") or {}, dict):
        raise CodebookError(f"{name}: words must map class names to lists of words")
    return data


def _words(forms: Any, place: str) -> tuple[str, ...]:
    if isinstance(forms, str):
        forms = forms.split(",") if "," in forms else forms.split()
    if not isinstance(forms, list) or not forms:
        raise CodebookError(f"{place}: give a list of words")
    # YAML reads no, yes, on and off as truth values: say so instead of matching "False".
    if not all(isinstance(form, str) for form in forms):
        raise CodebookError(f"{place}: put quotes around words such as 'no', 'on' and numbers")
    forms = [form.strip() for form in forms if form.strip()]
    for form in forms:
        if form.startswith("_") or form.endswith("_") or "__" in form or "," in form:
            raise CodebookError(f"{place}: {form!r} has a loose underscore or comma; mend it")
    return tuple(forms)


def _rule(entry: Any, place: str, words: Mapping[str, tuple[str, ...]], known: set[str]) -> Rule:
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
        raise CodebookError(f"{place}: has no id; add one such as insight.own-word")
    place = place.rsplit(" ", 1)[0] + f" {entry['id']}"
    unknown = sorted(map(str, set(entry) - _KEYS))
    if unknown:
        raise CodebookError(f"{place}: unknown key {unknown[0]}; use {', '.join(sorted(_KEYS))}")
    pattern = entry.get("pattern")
    if pattern == "" and entry["id"] in known:
        return Rule(entry["id"], "", "", (), ())
    family = entry.get("family") or entry["id"].split(".")[0]
    if family not in FAMILIES:
        raise CodebookError(f"{place}: unknown family {family!r}; use one of {', '.join(FAMILIES)}")
    direction = entry.get("direction") or ""
    if direction and direction not in DIRECTIONS.get(family, ()):
        allowed = ", ".join(DIRECTIONS.get(family, ())) or "none"
        raise CodebookError(f"{place}: direction {direction!r} does not fit; allowed: {allowed}")
    allow, deny = (_gates(entry.get(key), place) for key in ("allow", "deny"))
    if allow & deny:
        raise CodebookError(f"{place}: allows and denies {min(allow & deny)}; leave one out")
    only = entry.get("only") or ""
    if only not in ("", "question"):
        raise CodebookError(f"{place}: only: {only!r} is unknown; use question or leave it out")
    weak, sure = entry.get("weak") or False, entry.get("sure") or False
    for key, value in (("weak", weak), ("sure", sure)):
        if not isinstance(value, bool):
            raise CodebookError(f"{place}: {key} is {value!r}; write true or leave it out")
    if weak and sure:
        raise CodebookError(f"{place}: is both weak and sure; leave one out")
    if weak and (allow or deny):
        raise CodebookError(f"{place}: a weak rule cannot change gates; leave out allow and deny")
    if not isinstance(pattern, str):
        raise CodebookError(f"{place}: has no pattern; write one such as 'ME & klar & BECOME'")
    try:
        compile_pattern(pattern, words)
    except PatternError as error:
        raise CodebookError(f"{place}: {error}; see the notation in the guide") from error
    examples = {key: _examples(entry.get(key), place, key) for key in ("fires", "silent")}
    return Rule(
        entry["id"],
        family,
        pattern,
        examples["fires"],
        examples["silent"],
        direction,
        allow,
        only,
        weak,
        str(entry.get("note") or ""),
        sure,
        deny,
    )


def _gates(value: Any, place: str) -> frozenset[str]:
    names = value.split() if isinstance(value, str) else value or []
    wrong = [name for name in names if name not in GATES]
    if wrong:
        raise CodebookError(f"{place}: unknown gate {wrong[0]!r}; use {', '.join(GATES)}")
    return frozenset(names)


def _examples(value: Any, place: str, key: str) -> tuple[str, ...]:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not values or not all(isinstance(v, str) for v in values):
        what = "fire on" if key == "fires" else "stay silent on"
        raise CodebookError(f"{place}: has no {key}; add a sentence it must {what}")
    return tuple(values)
