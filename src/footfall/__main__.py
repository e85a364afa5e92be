"""
`footfall`, and `python -m footfall`

Ctrl-C ends it without a traceback at any moment, even while modules are still being loaded.
"""

import sys

INTERRUPTED = 130  # as shells say it of Ctrl-C


def main() -> None:
    """The command line. A second Ctrl-C ends it at once, as a crash would, which every store survives."""
    try:
        import signal  # not above, as it takes a moment

        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else somebody wants it to be ignored
            signal.signal(signal.SIGINT, _interrupt)
        from .cli import cli

        try:
            cli(prog_name="footfall")
        finally:
            if signal.getsignal(signal.SIGINT) is _interrupt:
                signal.signal(signal.SIGINT, signal.SIG_DFL)  # while Python puts its things away there is nothing to say
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _interrupt(*_: object) -> None:
    import signal

    signal.signal(signal.SIGINT, signal.SIG_DFL)
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
