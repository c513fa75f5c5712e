"""``python -m pipeline``: the command ``taalimat``, where it is not on the path, as in notebooks."""

from pipeline.cli import main

if __name__ == "__main__":
    main()
