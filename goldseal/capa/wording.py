"""Sentences made from a case's facts, in the language of the page."""

from django.utils.translation import gettext as _

from goldseal.capa.models import Nonconformity
from goldseal.kit.wording import number_in_words_of_page


def problem_of(case: Nonconformity) -> str:
    """What a person wrote, or the sentence that the facts of the inspection make."""
    if case.problem:
        return case.problem
    if case.inspection is None or case.lot_size is None:
        return ""
    if not case.sample_size:  # no pieces were sampled, so no count says what failed
        return _("%(source)s of a lot of %(lot)s pieces; its record says what failed.") % {
            "source": case.get_source_display(),
            "lot": number_in_words_of_page(case.lot_size),
        }
    return _(
        "%(source)s, defective findings: %(found)s in a sample of %(sample)s from a lot of %(lot)s pieces."
    ) % {
        "source": case.get_source_display(),
        "found": number_in_words_of_page(case.quantity or 0),
        "sample": number_in_words_of_page(case.sample_size or 0),
        "lot": number_in_words_of_page(case.lot_size),
    }
