"""Static files under names that hold their content's hash, imports of modules included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    support_js_module_import_aggregation = True

    def compress_files(self, paths):
        """Compress what pages ask for, once.

        That is the hashed names, and not the maps for debuggers: 10 MB of them
        would take half a minute. A hashed name never changes its content, so
        that what was compressed before stays.
        """
        hashed = set(self.hashed_files.values())
        return super().compress_files(
            path
            for path in paths
            if path in hashed and not path.endswith(".map") and not self.exists(f"{path}.br")
        )
