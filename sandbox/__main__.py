"""`python -m sandbox` runs the embedded CMS."""

from gevent import monkey

monkey.patch_all()  # before anything else is imported: the server's greenlets must not block each other

import sys  # noqa: E402

from sandbox.cli import main  # noqa: E402

sys.exit(main())
