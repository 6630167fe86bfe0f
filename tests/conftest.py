"""What all tests need."""

import signal

# pytest-xdist's workers ignore Ctrl-C, and so would what tests start; tests of Ctrl-C wait for it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
