"""Every example in a docstring runs and prints what it says."""

import doctest
import importlib
import pkgutil

import pytest

import goldwire.annotate
import goldwire.evaluate

MODULES = ["goldwire"] + [
    module.name
    for package in (goldwire.annotate, goldwire.evaluate)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    # Loaded by Hugging Face's `evaluate` from its path, and never imported: test_scores tries it there.
    if module.name != "goldwire.evaluate.huggingface.goldwire_score"
]


@pytest.mark.parametrize("name", MODULES)
def test_docstring_examples(name: str) -> None:
    failed, _ = doctest.testmod(importlib.import_module(name))
    assert failed == 0
