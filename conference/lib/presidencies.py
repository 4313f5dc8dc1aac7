"""The Council presidency in words, as each language says it: an adjective cannot be made from the name of a state."""

from django.utils.translation import gettext_lazy as _

IN_WORDS = {
    "AT": _("Under the Austrian presidency of the Council of the European Union"),
    "BE": _("Under the Belgian presidency of the Council of the European Union"),
    "BG": _("Under the Bulgarian presidency of the Council of the European Union"),
    "CY": _("Under the Cyprus presidency of the Council of the European Union"),
    "CZ": _("Under the Czech presidency of the Council of the European Union"),
    "DE": _("Under the German presidency of the Council of the European Union"),
    "DK": _("Under the Danish presidency of the Council of the European Union"),
    "EE": _("Under the Estonian presidency of the Council of the European Union"),
    "ES": _("Under the Spanish presidency of the Council of the European Union"),
    "FI": _("Under the Finnish presidency of the Council of the European Union"),
    "FR": _("Under the French presidency of the Council of the European Union"),
    "GR": _("Under the Greek presidency of the Council of the European Union"),
    "HR": _("Under the Croatian presidency of the Council of the European Union"),
    "HU": _("Under the Hungarian presidency of the Council of the European Union"),
    "IE": _("Under the Irish presidency of the Council of the European Union"),
    "IT": _("Under the Italian presidency of the Council of the European Union"),
    "LT": _("Under the Lithuanian presidency of the Council of the European Union"),
    "LU": _("Under the Luxembourg presidency of the Council of the European Union"),
    "LV": _("Under the Latvian presidency of the Council of the European Union"),
    "MT": _("Under the Maltese presidency of the Council of the European Union"),
    "NL": _("Under the Netherlands presidency of the Council of the European Union"),
    "PL": _("Under the Polish presidency of the Council of the European Union"),
    "PT": _("Under the Portuguese presidency of the Council of the European Union"),
    "RO": _("Under the Romanian presidency of the Council of the European Union"),
    "SE": _("Under the Swedish presidency of the Council of the European Union"),
    "SI": _("Under the Slovenian presidency of the Council of the European Union"),
    "SK": _("Under the Slovak presidency of the Council of the European Union"),
}
