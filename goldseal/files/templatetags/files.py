"""Short-lived addresses of files and their sizes, for templates: `{% load files %}`."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import template
from django.utils.translation import gettext as _

from goldseal.files.models import Attachment
from goldseal.files.rules.links import Variant
from goldseal.files.selectors import file_address
from goldseal.kit.wording import number_in_words_of_page

register = template.Library()


@register.simple_tag(takes_context=True)
def file_link(context: Mapping[str, Any], attachment: Attachment | UUID, variant: str = "file") -> str:
    """The address of an attachment (or of its id): `{% file_link attachment "thumbnail" %}`."""
    pk = attachment.pk if isinstance(attachment, Attachment) else attachment
    return file_address(context["request"], pk, Variant.named(variant))


@register.filter
def size_in_words(size: int) -> str:
    """Bytes as people say them: 812 kB, 4.2 MB."""
    if size < 1000:
        return _("%(n)s bytes") % {"n": number_in_words_of_page(size)}
    if size < 1_000_000:
        return _("%(n)s kB") % {"n": number_in_words_of_page(round(size / 1000))}
    return _("%(n)s MB") % {"n": number_in_words_of_page(round(size / 1_000_000, 1), 1)}
