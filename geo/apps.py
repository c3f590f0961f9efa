from django.apps import AppConfig
from django.db.models.signals import post_migrate


class GeoConfig(AppConfig):
    name = "geo"
    verbose_name = "Peta"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        post_migrate.connect(keep_schedules, sender=self)


def keep_schedules(**_signal):
    # Only now: models cannot be imported before all parts are ready.
    from geo.accounts.batch import keep_schedules as keep_accounts
    from geo.attachments.batch.schedules import keep_schedules as keep_attachments
    from geo.inquiries.batch.schedules import keep_schedules as keep_inquiries
    from geo.submissions.batch.schedules import keep_schedules as keep_submissions

    keep_accounts()
    keep_submissions()
    keep_inquiries()
    keep_attachments()
