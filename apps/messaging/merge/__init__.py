"""The merge language of templates: a small, bounded part of Liquid, checked when it is saved."""

from apps.messaging.merge.errors import Position, TemplateInvalid
from apps.messaging.merge.language import Channel, Compiled, Rendered, compile_template

__all__ = [
    "Channel",
    "Compiled",
    "Position",
    "Rendered",
    "TemplateInvalid",
    "compile_template",
]
