"""The chain of the book of population changes, kept by the database."""

from django.db import migrations

# Next month's opening is this month's closing: the database says so itself. Rows that are
# superseded have no value in "stands", and a key with a null is not looked up. Deferred, because
# a correction writes a village's following months one after the other.
CHAIN = """
    ALTER TABLE geo_ledgermonth ADD CONSTRAINT ledger_opens_with_closing
    FOREIGN KEY (area_id, follows, opening_male, opening_female, stands)
    REFERENCES geo_ledgermonth (area_id, month, closing_male, closing_female, stands)
    DEFERRABLE INITIALLY DEFERRED
"""
UNCHAIN = "ALTER TABLE geo_ledgermonth DROP CONSTRAINT ledger_opens_with_closing"


class Migration(migrations.Migration):

    dependencies = [
        ('geo', '0007_population_ledger'),
    ]

    operations = [
        migrations.RunSQL(CHAIN, UNCHAIN),
    ]
