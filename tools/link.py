"""Puts the checkout on the virtual environment's path and gives it the `goldseal` command."""

import sys
import sysconfig
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
(Path(sysconfig.get_path("purelib")) / "goldseal-checkout.pth").write_text(f"{PROJECT}\n")
command = Path(sys.executable).parent / "goldseal"
command.write_text(
    f"#!{sys.executable}\nimport sys\n\nfrom goldseal.config.command import main\n\nsys.exit(main())\n"
)
command.chmod(0o755)
