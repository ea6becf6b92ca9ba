"""The family of a browser, from what it calls itself: enough for an access log, too little to know a person."""

# In this order: most browsers name several others besides themselves.
_FAMILIES = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def browser_family(called: str) -> str:
    """Such as "Firefox, Android"; empty where nothing is known."""
    found = (next((name for mark, name in marks if mark in called), "") for marks in (_FAMILIES, _SYSTEMS))
    return ", ".join(filter(None, found))
