from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_sign_up_founding_kept'),
    ]

    operations = [
        migrations.AddField('invitation', 'inviter_id', models.UUIDField(null=True)),
    ]
