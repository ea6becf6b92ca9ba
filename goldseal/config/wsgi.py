"""The WSGI application that granian serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "goldseal.config.settings")
application = get_wsgi_application()

# What is loaded now stays: the collector need not walk through it at every turn, nor turn as often.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 25, 50)
