"""How forms are drawn: one column, labels above, help before the field, errors beside it."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Draws forms and fields with the project's own templates."""

    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"
