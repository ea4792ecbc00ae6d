
import django.db.models.deletion
import tramyte.web.models.base
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('web', '0005_saved_filters'),
    ]

    operations = [
        migrations.CreateModel(
            name='Frozen',
            fields=[
                ('sha256', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('problem', models.JSONField()),
            ],
        ),
        migrations.AddField(
            model_name='run',
            name='facts',
            field=models.JSONField(null=True),
        ),
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('province', models.CharField(db_index=True, max_length=2)),
                ('path', tramyte.web.models.base.Path(db_index=True, default='', max_length=200)),
                ('campaign', models.CharField(db_index=True, max_length=30)),
                ('unit', models.CharField(db_index=True, max_length=20)),
                ('skill', models.CharField(db_index=True, max_length=20)),
                ('count', models.IntegerField()),
                ('weeks', models.IntegerField(null=True)),
                ('due', models.DateField()),
                ('asked_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('declined', models.CharField(blank=True, max_length=500, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('province', 'campaign', 'unit', 'skill'), name='call_key'), models.CheckConstraint(condition=models.Q(('count__gte', 0)), name='call_count')],
            },
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('province', models.CharField(db_index=True, max_length=2)),
                ('path', tramyte.web.models.base.Path(db_index=True, default='', max_length=200)),
                ('campaign', models.CharField(db_index=True, max_length=30)),
                ('number', models.IntegerField()),
                ('name', models.CharField(blank=True, max_length=120, null=True)),
                ('stage', models.CharField(db_index=True, default='draft', max_length=9)),
                ('origin', models.CharField(max_length=6)),
                ('tours', models.JSONField(default=list)),
                ('pins', models.JSONField(default=list)),
                ('reasons', models.JSONField(default=dict)),
                ('allowed', models.JSONField(default=list)),
                ('bound', models.BigIntegerField(null=True)),
                ('least_unmet', models.IntegerField(null=True)),
                ('status', models.CharField(blank=True, max_length=12, null=True)),
                ('revision', models.IntegerField(default=0)),
                ('made_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('amends', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='amendments', to='web.decision')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='drafts', to=settings.AUTH_USER_MODEL)),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='web.draft')),
                ('run', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='draft', to='web.run')),
                ('frozen', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='drafts', to='web.frozen')),
            ],
        ),
        migrations.CreateModel(
            name='Issue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('province', models.CharField(db_index=True, max_length=2)),
                ('path', tramyte.web.models.base.Path(db_index=True, default='', max_length=200)),
                ('campaign', models.CharField(db_index=True, max_length=30)),
                ('paper', models.JSONField(default=dict)),
                ('tours', models.JSONField(default=list)),
                ('checks', models.JSONField(default=list)),
                ('issued_at', models.DateTimeField()),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='issues', to=settings.AUTH_USER_MODEL)),
                ('decision', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='issue', to='web.decision')),
                ('draft', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='issue', to='web.draft')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Layout',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('province', models.CharField(db_index=True, max_length=2)),
                ('path', tramyte.web.models.base.Path(db_index=True, default='', max_length=200)),
                ('kind', models.CharField(max_length=20)),
                ('filename', models.CharField(max_length=120)),
                ('content', models.BinaryField(null=True)),
                ('sha256', models.CharField(blank=True, max_length=64, null=True)),
                ('at', models.DateTimeField()),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='layouts', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Nomination',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('province', models.CharField(db_index=True, max_length=2)),
                ('path', tramyte.web.models.base.Path(db_index=True, default='', max_length=200)),
                ('campaign', models.CharField(db_index=True, max_length=30)),
                ('unit', models.CharField(db_index=True, max_length=20)),
                ('staff', models.CharField(db_index=True, max_length=30)),
                ('is_going', models.BooleanField(default=True)),
                ('rank', models.IntegerField(null=True)),
                ('reason', models.CharField(blank=True, max_length=500, null=True)),
                ('named_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('province', 'campaign', 'staff'), name='nomination_key')],
            },
        ),
        migrations.CreateModel(
            name='Opinion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('province', models.CharField(db_index=True, max_length=2)),
                ('path', tramyte.web.models.base.Path(db_index=True, default='', max_length=200)),
                ('round', models.IntegerField(default=1)),
                ('side', models.CharField(max_length=8)),
                ('party', models.CharField(db_index=True, max_length=20)),
                ('party_name', models.CharField(max_length=200)),
                ('asked_at', models.DateTimeField()),
                ('due', models.DateField()),
                ('answer', models.CharField(max_length=7, null=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('letter', models.CharField(blank=True, max_length=80, null=True)),
                ('letter_on', models.DateField(blank=True, null=True)),
                ('words', models.CharField(blank=True, max_length=1000, null=True)),
                ('reminded', models.JSONField(default=list)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='opinions', to=settings.AUTH_USER_MODEL)),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opinions', to='web.draft')),
            ],
        ),
        migrations.CreateModel(
            name='Paper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('province', models.CharField(db_index=True, max_length=2)),
                ('path', tramyte.web.models.base.Path(db_index=True, default='', max_length=200)),
                ('kind', models.CharField(max_length=20)),
                ('filename', models.CharField(max_length=120)),
                ('content', models.BinaryField()),
                ('sha256', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('issue', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='web.issue')),
            ],
        ),
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('province', models.CharField(db_index=True, max_length=2)),
                ('path', tramyte.web.models.base.Path(db_index=True, default='', max_length=200)),
                ('at', models.DateTimeField()),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to=settings.AUTH_USER_MODEL)),
                ('deployment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='receipt', to='web.deployment')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Ruling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('province', models.CharField(db_index=True, max_length=2)),
                ('path', tramyte.web.models.base.Path(db_index=True, default='', max_length=200)),
                ('revision', models.IntegerField()),
                ('is_signed', models.BooleanField()),
                ('words', models.CharField(blank=True, max_length=1000, null=True)),
                ('at', models.DateTimeField()),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rulings', to=settings.AUTH_USER_MODEL)),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rulings', to='web.draft')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.IntegerField()),
                ('kind', models.CharField(default='do', max_length=4)),
                ('at', models.DateTimeField()),
                ('words', models.CharField(max_length=40)),
                ('fields', models.JSONField(default=dict)),
                ('before', models.JSONField(default=dict)),
                ('after', models.JSONField(default=dict)),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='steps', to=settings.AUTH_USER_MODEL)),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='web.draft')),
                ('of', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='turns', to='web.step')),
            ],
        ),
        migrations.CreateModel(
            name='Wanted',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('province', models.CharField(db_index=True, max_length=2)),
                ('path', tramyte.web.models.base.Path(db_index=True, default='', max_length=200)),
                ('facility', models.CharField(db_index=True, max_length=20)),
                ('skill', models.CharField(db_index=True, max_length=20)),
                ('count', models.IntegerField()),
                ('start', models.DateField()),
                ('end', models.DateField()),
                ('reason', models.CharField(max_length=500)),
                ('letter', models.CharField(blank=True, max_length=80, null=True)),
                ('letter_on', models.DateField(blank=True, null=True)),
                ('campaign', models.CharField(blank=True, db_index=True, max_length=30, null=True)),
                ('state', models.CharField(default='open', max_length=8)),
                ('answer', models.CharField(blank=True, max_length=500, null=True)),
                ('asked_at', models.DateTimeField()),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='wanted', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Wish',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('province', models.CharField(db_index=True, max_length=2)),
                ('path', tramyte.web.models.base.Path(db_index=True, default='', max_length=200)),
                ('kind', models.CharField(max_length=6)),
                ('paper', models.CharField(blank=True, max_length=120, null=True)),
                ('start', models.DateField(null=True)),
                ('end', models.DateField(null=True)),
                ('words', models.CharField(blank=True, max_length=500, null=True)),
                ('state', models.CharField(default='open', max_length=8)),
                ('answer', models.CharField(blank=True, max_length=500, null=True)),
                ('at', models.DateTimeField()),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='wishes', to=settings.AUTH_USER_MODEL)),
                ('deployment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='wishes', to='web.deployment')),
            ],
        ),
        migrations.CreateModel(
            name='Conduct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('province', models.CharField(db_index=True, max_length=2)),
                ('path', tramyte.web.models.base.Path(db_index=True, default='', max_length=200)),
                ('campaign', models.CharField(db_index=True, max_length=30)),
                ('state', models.CharField(default='open', max_length=8)),
                ('editing_at', models.DateTimeField(null=True)),
                ('editor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='edits', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('province', 'campaign'), name='conduct_key'), models.CheckConstraint(condition=models.Q(('state__in', ('open', 'running', 'ended'))), name='conduct_state'), models.CheckConstraint(condition=models.Q(models.Q(('editing_at__isnull', True), ('editor__isnull', True)), models.Q(('editing_at__isnull', False), ('editor__isnull', False)), _connector='OR'), name='conduct_editor_whole')],
            },
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.UniqueConstraint(fields=('province', 'campaign', 'number'), name='draft_key'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.CheckConstraint(condition=models.Q(('stage__in', ('draft', 'opinions', 'submitted', 'signed', 'issued', 'dropped'))), name='draft_stage'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.CheckConstraint(condition=models.Q(('origin__in', ('solve', 'hand', 'copy', 'trial', 'amend', 'file'))), name='draft_origin'),
        ),
        migrations.AddConstraint(
            model_name='opinion',
            constraint=models.UniqueConstraint(fields=('draft', 'round', 'side', 'party'), name='opinion_key'),
        ),
        migrations.AddConstraint(
            model_name='opinion',
            constraint=models.CheckConstraint(condition=models.Q(('side__in', ('sender', 'receiver'))), name='opinion_side'),
        ),
        migrations.AddConstraint(
            model_name='opinion',
            constraint=models.CheckConstraint(condition=models.Q(('answer__in', ('agree', 'decline', 'other')), ('answer__isnull', True), _connector='OR'), name='opinion_answer'),
        ),
        migrations.AddConstraint(
            model_name='opinion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('letter__isnull', True), ('letter_on__isnull', True)), models.Q(('letter__isnull', False), ('letter_on__isnull', False)), _connector='OR'), name='opinion_letter_whole'),
        ),
        migrations.AddConstraint(
            model_name='paper',
            constraint=models.UniqueConstraint(fields=('issue', 'kind', 'filename'), name='paper_key'),
        ),
        migrations.AddConstraint(
            model_name='step',
            constraint=models.UniqueConstraint(fields=('draft', 'number'), name='step_key'),
        ),
        migrations.AddConstraint(
            model_name='step',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('do', 'undo', 'redo'))), name='step_kind'),
        ),
        migrations.AddConstraint(
            model_name='wanted',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('open', 'taken', 'declined'))), name='wanted_state'),
        ),
        migrations.AddConstraint(
            model_name='wanted',
            constraint=models.CheckConstraint(condition=models.Q(('count__gte', 1), ('end__gt', models.F('start'))), name='wanted_span'),
        ),
        migrations.AddConstraint(
            model_name='wanted',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('letter__isnull', True), ('letter_on__isnull', True)), models.Q(('letter__isnull', False), ('letter_on__isnull', False)), _connector='OR'), name='wanted_letter_whole'),
        ),
        migrations.AddConstraint(
            model_name='wish',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('change', 'exempt'))), name='wish_kind'),
        ),
        migrations.AddConstraint(
            model_name='wish',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('open', 'taken', 'declined'))), name='wish_state'),
        ),
    ]
