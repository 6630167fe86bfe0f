"""`python -m defrun`."""

from defrun.cli import main

main()
