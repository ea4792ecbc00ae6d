"""Lets `python -m tramyte.cli` do what `tramyte` does. The guard keeps worker processes from starting it again."""

from tramyte.cli import start

if __name__ == "__main__":
    start()
