"""`footfall`, and `python -m footfall`"""

import sys


def main() -> None:
    """The command line; Ctrl-C ends it quietly while it is still being loaded, too."""
    try:
        from .cli import cli
    except KeyboardInterrupt:
        sys.exit(130)
    cli(prog_name="footfall")


if __name__ == "__main__":
    main()
