from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("geo", "0001_first_tables")]

    operations = [
        migrations.AddField(
            model_name="boundarysource",
            name="is_estimate",
            field=models.BooleanField(
                default=False, help_text="drawn from points by us, not surveyed by anybody"
            ),
        ),
    ]
