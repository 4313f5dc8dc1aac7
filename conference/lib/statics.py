"""Static files under names that hold a digest of their content, so that they may be kept for a year; modules import each other by them."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Renames the siblings a module imports as well: else a browser would pair a new module with an old one it kept."""

    support_js_module_import_aggregation = True
