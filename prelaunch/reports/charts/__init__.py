"""Charts, one module each: small arrays in, SVG text out; nothing to show gives a plain sentence."""
