
import django.db.models.deletion
import tramyte.web.models.base
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('web', '0006_campaigns'),
    ]

    operations = [
        migrations.CreateModel(
            name='Budget',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('province', models.CharField(db_index=True, max_length=2)),
                ('path', tramyte.web.models.base.Path(db_index=True, default='', max_length=200)),
                ('campaign', models.CharField(db_index=True, max_length=30)),
                ('amount', models.BigIntegerField()),
                ('paper', models.CharField(max_length=120)),
                ('paper_on', models.DateField()),
                ('at', models.DateTimeField()),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='budgets', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='budget_amount')],
            },
        ),
    ]
