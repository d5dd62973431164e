"""`headway completion`: the completion script of a shell."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from headway.cli.main import group

__all__ = ["command"]


@click.command(name="completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the completion script of a shell.

    headway completion bash > ~/.local/share/bash-completion/completions/headway
    """
    found = get_completion_class(shell)
    assert found is not None
    click.echo(found(group, {}, "headway", "_HEADWAY_COMPLETE").source())
