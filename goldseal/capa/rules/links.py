"""Whether the link of a request to a supplier still works, and what ended it."""

REPLACED, WITHDRAWN, SETTLED, EXPIRED = "replaced", "withdrawn", "settled", "expired"


def ending_of(
    *, is_replaced: bool, is_withdrawn: bool, is_accepted: bool, waits_in_closed_case: bool, is_expired: bool
) -> str:
    """What ended a link: one of the four codes, or "" while it works.

    A replaced link never says more than that: who holds an old one does not learn how the request went on.
    `waits_in_closed_case`: it was answered and nobody judges the answer any more, because its case is closed.
    """
    if is_replaced:
        return REPLACED
    if is_withdrawn:
        return WITHDRAWN
    if is_accepted or waits_in_closed_case:
        return SETTLED
    return EXPIRED if is_expired else ""
