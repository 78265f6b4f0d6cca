"""What is known of a member's exports, and how their files go."""

from datetime import datetime

from accounts.export_models import Export, Import
from accounts.exports.making import remove
from accounts.imports.services import forget
from accounts.models import Member


class ExportsData:
    name = "exports"

    def export(self, member: Member) -> dict[str, object]:
        exports = Export.objects.filter(member=member).order_by("pk")
        imports = Import.objects.filter(member=member).order_by("pk")
        return {
            "exports": list(exports.values("asked_at", "ready_at", "expires_at", "size")),
            "imports": list(
                imports.values("site", "exported_at", "digest", "uploaded_at", "taken_at", "taken")
            ),
        }

    def erase(self, member: Member, now: datetime) -> None:
        for export in Export.objects.filter(member=member):
            remove(export)
        for brought in Import.objects.filter(member=member):
            forget(brought)


provider = ExportsData()
