"""The worker as a process of its own: `python -m goldseal.config.run_worker`."""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "goldseal.config.settings")

if __name__ == "__main__":
    from goldseal.config.serving import worker

    sys.exit(worker([]))
