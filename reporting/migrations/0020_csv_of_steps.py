from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reporting', '0019_snapshot_last'),
    ]

    operations = [
        migrations.AlterField(
            model_name='product',
            name='kind',
            field=models.CharField(choices=[('pdf', 'PDF'), ('country_pdf', 'PDF of one country'), ('xlsx', 'Workbook (XLSX)'), ('csv_wide', 'Table (CSV), one row per country'), ('csv_long', 'Table (CSV), one row per answer'), ('csv_steps', 'Table (CSV), one row per published step'), ('json', 'JSON'), ('charts', 'Charts (SVG)'), ('package', 'Everything in one package (ZIP)'), ('country_card', 'Picture for links to a country'), ('indicator_card', 'Picture for links to an indicator')], max_length=20, verbose_name='kind'),
        ),
    ]
