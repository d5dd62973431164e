"""Print the versions of this environment as constraints, without torch and its CUDA parts."""

from __future__ import annotations

import re
import subprocess
import sys

HEAD = """\
# The versions that `make` installs and the tests ran on. Written by `make constraints`.
# torch is not here: it is an extra, and which build fits depends on the machine.
# mlflow-skinny is not here: it is an extra that the tests stand in for."""

LEFT_OUT = re.compile(r"(torch|triton|nvidia-[a-z0-9-]+|cuda-[a-z0-9-]+)==")


def constraints(freeze: str) -> list[str]:
    """The lines of `pip freeze` that pin a version from the registry."""
    lines = freeze.splitlines()
    return [line for line in lines if "==" in line and not LEFT_OUT.match(line)]


if __name__ == "__main__":
    command = [sys.executable, "-m", "pip", "freeze", "--exclude-editable"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    print("\n".join([HEAD, *constraints(done.stdout)]))
