"""Types for text that people read: plain, or translated when it is shown."""

from django.utils.functional import Promise as LazyText

Words = str | LazyText
