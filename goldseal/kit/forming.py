"""Between a form and a service: what the service refuses appears at the field concerned."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar, cast

from django import forms

from goldseal.kit.errors import Conflict, Invalid

R = TypeVar("R")


def submitted(form: forms.BaseForm, act: Callable[[dict[str, Any]], R]) -> R | None:
    """Run `act` on the cleaned values of a valid form; None (with the errors on the form) otherwise."""
    if not form.is_valid():
        return None
    try:
        return act(form.cleaned_data)
    except (Invalid, Conflict) as problem:
        show_problem(form, problem)
        return None


def show_problem(form: forms.BaseForm, problem: Invalid | Conflict) -> None:
    """Put what a service said on the form: at its fields, else on top."""
    placed = False
    for name, sentence in problem.fields.items():
        form.add_error(name if name in form.fields else None, str(sentence))
        placed = True
    if not placed:
        form.add_error(None, str(problem.message))


def offer(form: forms.BaseForm, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """Let the choice field `name` of `form` offer `choices`, pairs of (value, label)."""
    cast(forms.ChoiceField, form.fields[name]).choices = list(choices)
