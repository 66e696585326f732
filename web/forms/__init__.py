"""Forms in pages: drawn from their file, read back from what the browser sends. The rules are `engine.forms`'."""

from web.forms.answers import read_answer
from web.forms.rendering import render, render_form
from web.forms.texts import say

__all__ = ["read_answer", "render", "render_form", "say"]
