"""How people use it: the command line, the reports. Imports all three other packages."""

__version__ = "0.1.0"
