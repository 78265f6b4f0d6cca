"""Run as a process of its own, at another database: a member there brings an export."""

import json
import sys
from pathlib import Path

import django


def main() -> None:
    django.setup()
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.core.management import call_command
    from django.utils import timezone

    from accounts.imports import services
    from accounts.models import Member
    from gifting.brought_models import BroughtMove
    from gifting.models import K
    from scoring.brought_models import BroughtScore
    from scoring.models import Score

    call_command("migrate", verbosity=0, interactive=False)
    now = timezone.now()
    member = Member.objects.create_user("ada@other.example", "correct horse 1", name="Ada")
    content = Path(sys.argv[1]).read_bytes()
    for _time in range(2):
        brought = services.bring(member, SimpleUploadedFile("klout.zip", content), now)
        services.take_over(member, brought.pk, now)
    sys.stdout.write(
        json.dumps(
            {
                "scores": list(BroughtScore.objects.values_list("on", "hundredths")),
                "moves": list(BroughtMove.objects.values_list("k", "words")),
                "ours": [Score.objects.count(), K.objects.count()],
            },
            default=str,
        )
    )


if __name__ == "__main__":
    main()
