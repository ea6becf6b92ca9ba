"""Every room of the house that Django must know, lowest first, and the apps of others it builds on."""

ROOMS = [
    "goldseal.kit.apps.KitConfig",
    "goldseal.trail.apps.TrailConfig",
    "goldseal.accounts.apps.AccountsConfig",
    "goldseal.workspaces.apps.WorkspacesConfig",
    "goldseal.files.apps.FilesConfig",
    "goldseal.messaging.apps.MessagingConfig",
    "goldseal.reports.apps.ReportsConfig",
    "goldseal.catalog.apps.CatalogConfig",
    "goldseal.inspections.apps.InspectionsConfig",
    "goldseal.capa.apps.CapaConfig",
    "goldseal.privacy.apps.PrivacyConfig",
    "goldseal.website.apps.WebsiteConfig",
    "goldseal.ops.apps.OpsConfig",
    "goldseal.config.apps.ConfigConfig",
]

THIRD_PARTY = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "csp",
    "django_htmx",
    "ninja",
]
