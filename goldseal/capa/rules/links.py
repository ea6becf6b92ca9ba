"""Whether the link of a request to a supplier still works, and what ended it."""

REPLACED, WITHDRAWN, SETTLED, EXPIRED = "replaced", "withdrawn", "settled", "expired"


def ending_of(
    *, is_replaced: bool, is_withdrawn: bool, is_accepted: bool, is_case_closed: bool, is_expired: bool
) -> str:
    """What ended a link: one of the four codes, or "" while it works.

    A replaced link never says more than that: who holds an old one does not learn how the request went on.
    `is_case_closed`: nobody asks or judges any more, whether an answer was given or not.
    """
    if is_replaced:
        return REPLACED
    if is_withdrawn:
        return WITHDRAWN
    if is_accepted or is_case_closed:
        return SETTLED
    return EXPIRED if is_expired else ""
