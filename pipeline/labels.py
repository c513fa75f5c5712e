"""What readers call the records: names of roles, forces and columns in Arabic and English, for notebooks and exports."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.marks import Role
from pipeline.types import Force, Polarity

ROLES: Mapping[Role, str] = {
    Role.INSTRUCTION: "التعليمة",
    Role.TRIGGER: "الفعل",
    Role.ISSUER: "المُصدِر",
    Role.ADDRESSEE: "المخاطَب",
    Role.PURPOSE: "الغاية",
    Role.DEADLINE: "الأجل",
    Role.ACTOR: "فاعل",
    Role.DATE: "تاريخ",
}
"""The roles in Arabic."""

FORCES: Mapping[Force, str] = {
    Force.ORDER: "أمر",
    Force.DEMAND: "مطالبة",
    Force.INSIST: "تشديد",
    Force.URGE: "حثّ",
    Force.CALL: "دعوة",
    Force.EMPHASISE: "تأكيد",
    Force.RECOMMEND: "توصية",
}
"""The forces in Arabic, strongest first."""

POLARITIES: Mapping[Polarity, str] = {Polarity.DO: "افعل", Polarity.AVOID: "لا تفعل"}
"""The polarities in Arabic."""

COLUMNS: Mapping[str, tuple[str, str]] = {
    "force": ("Force", "الصيغة"),
    "polarity": ("Polarity", "أمر أو نهي"),
    "issuer": ("Issuer", "المُصدِر"),
    "addressees": ("Addressees", "المخاطَبون"),
    "instruction": ("Instruction", "التعليمة"),
    "purposes": ("Purposes", "الغايات"),
    "deadline": ("Deadline", "الأجل"),
    "due": ("Due", "آخر يوم"),
    "confidence": ("Confidence", "الثقة"),
    "name": ("Name", "الاسم"),
    "kind": ("Kind", "النوع"),
    "office": ("Office", "المنصب"),
    "mentions": ("Mentions", "كما ورد"),
    "text": ("Text", "النص"),
    "type": ("Type", "النوع"),
    "value": ("Value", "القيمة"),
    "earliest": ("First day", "أول يوم"),
    "latest": ("Last day", "آخر يوم"),
    "document_id": ("Document", "الوثيقة"),
    "title": ("Title", "العنوان"),
    "published": ("Published", "تاريخ النشر"),
    "words": ("Words", "الكلمات"),
}
"""Columns that a reader is shown, in English and Arabic."""
