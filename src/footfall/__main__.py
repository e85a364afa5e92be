"""
Runs `footfall`, and `python -m footfall`.

Ctrl-C ends it without a traceback at any moment, even while modules are still being loaded.
"""

import sys

INTERRUPTED = 130  # the exit code that shells use for Ctrl-C


def main() -> None:
    """Run the command line. A second Ctrl-C ends it at once, like a crash, which every store survives."""
    try:
        import signal  # imported here because it takes a moment

        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # otherwise the caller wants it ignored
            signal.signal(signal.SIGINT, _interrupt)
        from .cli import cli

        try:
            cli(prog_name="footfall")
        finally:
            if signal.getsignal(signal.SIGINT) is _interrupt:
                signal.signal(signal.SIGINT, signal.SIG_DFL)  # no traceback while Python shuts down
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _interrupt(*_: object) -> None:
    import signal

    signal.signal(signal.SIGINT, signal.SIG_DFL)
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
