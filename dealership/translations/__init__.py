"""The Chinese of the product: found in the sources, kept in one file, compiled without gettext's programs."""
