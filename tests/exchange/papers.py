"""A decision of a made-up Department, as a draft unless number, signer and date are given."""

from datetime import date

from tramyte.exchange.decision import draft

ON = date(2025, 12, 8)
BASES = ("Quyết định số 01/QĐ-UBND", "Kế hoạch số 12/KH-UBND")  # for the two bases that support leaves open
SIGNED = {"number": "5", "signer": "Nguyễn Văn Mẫu", "signed_on": ON, "basis": BASES}


def drafted(kind="support", **changes):
    """Return a decision of the Department."""
    words = {
        "on": ON,
        "superior": "UBND TỈNH ĐIỆN BIÊN",
        "agency": "SỞ Y TẾ",
        "symbol": "QĐ-SYT",
        "place": "Điện Biên",
        "signer_post": "GIÁM ĐỐC",
    }
    return draft(kind, **{**words, **changes})
