from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("geo", "0011_datasets")]

    operations = [
        migrations.AddField(
            model_name="indicator",
            name="investor",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text="what an investor looks for: direction and hint",
            ),
        ),
    ]
