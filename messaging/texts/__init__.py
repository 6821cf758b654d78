"""What the store writes to its customers, in Chinese and English, each text with its purpose.

A text is a row of sentences. The first one says what it is about and needs all its parameters; a later sentence is left out
when one of its parameters is missing. Parameters are typed by name: see `writing`. The store's name and phone are always there.
"""

from messaging.texts.wording import EN, ZH, Template
from messaging.texts.writing import TEMPLATES, language_of, render, stored, template

__all__ = ["EN", "TEMPLATES", "ZH", "Template", "language_of", "render", "stored", "template"]
