"""Disclosure control: what of the marts an analyst may see, at every lock, given all that was shown before. Pure."""
