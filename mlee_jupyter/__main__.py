"""`python -m mlee_jupyter` is the `mlee` command."""

import sys

from .cli.main import main

sys.exit(main())
