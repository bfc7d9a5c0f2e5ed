"""Files as real shops export them, small and our own."""

from django.core.files.uploadedfile import SimpleUploadedFile

GERMAN = """\
Kundennummer;Vorname;Nachname;E-Mail;Handy;Letzter Besuch;Betrag;Filiale;Newsletter E-Mail
1001;Jürgen;Groß;Juergen.Gross@example.com;0151 23456789;03.05.2026;1.128,50 €;Mill Lane;ja
1002;Zoë;Müller;zoe@example.com;+49 (160) 9876543;04.05.2026;89,00;;nein
1003;"Anna
Maria";Weiß;anna@example.com;;;;;ja
1004;Jörg;Böhm;joerg(at)example.com;12;;;;
1001;Jürgen;Groß;juergen.gross@example.com;+49 151 23456789;05.05.2026;20,00;Mill Lane;ja
;;Niemand;;;;;;
1005;Uwe;Falsch;uwe@example.com;0160 9876544;31.02.2026;;Nirgends;ja
1006;Eva;Letzte;eva@example.com;0160 9876545;01.04.2026;;;
"""
ENGLISH = """\
Name,Email,Mobile,Tags
Aoife Brennan,aoife@example.com,+353 85 012 3456,"vip, workshop"
"O’Neill, Seán",sean@example.com,,
Zoë Ó Briain,zoe@example.com,085 012 3457,
"""


def german() -> bytes:
    """Return a file with a BOM, semicolons, a quoted line break and three broken rows."""
    return GERMAN.replace("\n", "\r\n").encode("utf-8-sig")


def windows() -> bytes:
    """Return a file as an old Windows program writes it."""
    return ENGLISH.encode("cp1252")


def many(count: int, start: int = 0) -> bytes:
    """Return a plain file of so many people."""
    rows = (f"P{n},Last{n},p{n}@example.com,+4474{n:08d}" for n in range(start, start + count))
    return "\n".join(["First name,Last name,Email,Phone", *rows]).encode()


def upload(data: bytes, name: str = "customers.csv") -> SimpleUploadedFile:
    """Return an upload as a browser sends it."""
    return SimpleUploadedFile(name, data, content_type="text/csv")
