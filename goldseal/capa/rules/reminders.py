"""Which letters an open action deserves today: before it is due, on the day, when overdue, and the escalation."""

from datetime import date, timedelta

BEFORE, ON_DUE, OVERDUE, ESCALATION = "before", "on_due", "overdue", "escalation"
KINDS = (BEFORE, ON_DUE, OVERDUE, ESCALATION)


def due_letters(
    *, due_on: date, today: date, before_days: int, escalate_after_days: int, sent: frozenset[str]
) -> tuple[str, ...]:
    """The letters to send today, each kind once for a due date.

    Of the three to the owner only the one that fits today is sent: after a pause nobody gets yesterday's
    reminder. The escalation goes out once the action is overdue by `escalate_after_days` or more.
    """
    late = (today - due_on).days
    letters = []
    if late > 0:
        letters.append(OVERDUE)
        if late >= max(1, escalate_after_days):
            letters.append(ESCALATION)
    elif late == 0:
        letters.append(ON_DUE)
    elif before_days and today >= due_on - timedelta(days=before_days):
        letters.append(BEFORE)
    return tuple(kind for kind in letters if kind not in sent)
