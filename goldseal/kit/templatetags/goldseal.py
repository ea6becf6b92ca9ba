"""Template tags and filters of the whole product; built in, no `load` needed."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import forms, template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from goldseal.kit import wording

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A drawing from the sprite; decorative unless it is given a label."""
    address = f"{static('icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, address
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', address)


@register.simple_tag
def verdict(code: str, size: str = "") -> SafeString:
    """A verdict by colour, word and shape. Codes: pass, fail, hold, pending, na."""
    words, drawing = wording.VERDICTS.get(code) or wording.VERDICTS["pending"]
    extra = f" verdict-{size}" if size else ""
    return format_html(
        '<span class="verdict verdict-{}{}">{}{}</span>', code or "pending", extra, icon(drawing), words
    )


@register.simple_tag
def severity(code: str) -> SafeString:
    """A severity by colour and word."""
    return format_html(
        '<span class="severity severity-{}">{}</span>', code, wording.SEVERITIES.get(code, code)
    )


@register.filter
def number(value: Any, decimals: int | None = None) -> str:
    """A number as the page's language writes it."""
    return "" if value is None or value == "" else wording.number_in_words_of_page(value, decimals)


@register.filter
def day(value: date | None) -> str:
    """A calendar date as the page's language writes it."""
    return wording.day_in_words(value) if value else ""


@register.simple_tag(takes_context=True)
def moment(context: Mapping[str, Any], value: datetime | None) -> SafeString | str:
    """An instant in the workspace's time zone, with the exact one for programs."""
    if value is None:
        return ""
    workspace = context.get("workspace")
    shown = wording.moment_in_words(value, workspace.time_zone if workspace is not None else "")
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), shown)


@register.filter
def of(mapping: Mapping[Any, Any], key: Any) -> Any:
    """The entry of a mapping, or nothing."""
    return mapping.get(key, "")


@register.inclusion_tag("kit/field.html")
def field(bound: forms.BoundField) -> dict[str, Any]:
    """A form's field with its label, help and what is wrong with it, tied together for screen readers."""
    widget = bound.field.widget
    is_check = isinstance(widget, forms.CheckboxInput)
    is_group = isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
    described = [f"{bound.auto_id}_help"] if bound.help_text else []
    if bound.errors:
        described.append(f"{bound.auto_id}_wrong")
    look = (
        "form-check-input"
        if is_check
        else "form-select"
        if isinstance(widget, forms.Select)
        else "form-control"
    )
    attributes: dict[str, Any] = (
        {} if is_group else {"class": f"{look} {widget.attrs.get('class', '')}".strip()}
    )
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if bound.errors:
        attributes["aria-invalid"] = "true"
    return {
        "bound": bound,
        "control": bound.as_widget(attrs=attributes) if not is_group else "",
        "is_check": is_check,
        "is_group": is_group,
        "is_optional": not bound.field.required and not is_check,
    }


@register.inclusion_tag("kit/form_errors.html")
def form_errors(form: forms.BaseForm) -> dict[str, Any]:
    """What is wrong with the form as a whole, and how many fields need a look."""
    return {"form": form}
