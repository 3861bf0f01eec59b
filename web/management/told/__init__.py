"""The demo cases, told type by type in the words of ``web.management.telling``."""
