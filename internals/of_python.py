"""How a Python was built, as far as it tells: `python internals/of_python.py` says so before anything is installed."""

import sys
import sysconfig


def is_optimized() -> bool:
    """Whether it was compiled with profile-guided optimization, as distributions and python.org compile theirs.

    Debian does so without saying so, by rules of its own, and Windows has no build arguments to look at: only who built
    it elsewhere than a distribution, and without asking for it, has gone without. `docs/performance.md` has its worth.
    """
    arguments = sysconfig.get_config_var("CONFIG_ARGS")
    return arguments is None or "--enable-optimizations" in arguments or sys.base_prefix == "/usr"


if __name__ == "__main__":
    sys.stdout.write("optimized\n" if is_optimized() else "not optimized\n")
