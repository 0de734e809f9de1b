"""``python -m prelaunch``: the same as the console command."""

from prelaunch.cli import main

if __name__ == "__main__":
    main()
