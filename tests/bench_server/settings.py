"""Django with nothing in it: no middleware, no sessions, the same database and the same pool."""

from goldseal.config.databases import connection_settings

SECRET_KEY = "bench-only"
ALLOWED_HOSTS = ["*"]
DEBUG = False
USE_TZ = True
ROOT_URLCONF = "tests.bench_server.urls"
INSTALLED_APPS = ["tests.bench_server"]
MIDDLEWARE: list[str] = []
DATABASES = connection_settings()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
