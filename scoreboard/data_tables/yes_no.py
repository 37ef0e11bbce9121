"""Yes and no as people and spreadsheets write them, and the words for true and false, in many languages."""

from django.utils.translation import gettext as _

from scoreboard.text import one_line

# First what spreadsheet programs show for true and false, then what people type; without words that mean yes in one
# language and no in another.
WORDS = [
    # true, yes; false, no
    ("true yes", "false no"),
    ("wahr ja", "falsch nein"),
    ("vrai oui", "faux non"),
    ("verdadero sí si", "falso"),
    ("vero sì", ""),
    ("verdadeiro sim", "não nao"),
    ("cert veritat", "fals"),
    ("waar", "onwaar nee"),
    ("sant", "falskt nej"),
    ("sand", "falsk"),
    ("sann", "usann nei"),
    ("tosi kyllä", "epätosi ei"),
    ("tõene jah", "väär"),
    ("patiess jā", "aplams nē"),
    ("tiesa taip", "netiesa melas ne"),
    ("prawda tak", "fałsz nie"),
    ("pravda áno ano", "nepravda"),
    ("istina tačno točno da", "laž netačno netočno"),
    ("resnično", "napačno neresnično"),
    ("igaz igen", "hamis nem"),
    ("adevărat", "nu"),
    ("истина да тачно точно", "ложь ложа лъжа не нет нетачно неточно"),
    ("істина так", "хиба ні"),
    ("αληθές αληθεσ αληθής αληθησ ναι", "ψευδές ψευδεσ ψευδής ψευδησ όχι οχι"),
    ("doğru evet", "yanlış yanliş hayır hayir"),
    ("vërtetë", "gabuar"),
    ("veru iva", ""),
    ("ճշմարիտ այո", "կեղծ ոչ"),
    ("ჭეშმარიტი დიახ", "მცდარი არა"),
    ("אמת כן", "שקר לא"),
    ("صحيح صواب نعم", "خطأ خاطئ لا"),
    ("درست بله", "نادرست خیر"),
]
YES, NO = ({word.casefold() for pair in WORDS for word in pair[side].split()} for side in (0, 1))


def parse_yes_no(text: str) -> bool | None:
    """Return True for yes, False for no, None for a text that is neither in any of these languages."""
    word = one_line(text).casefold()
    if word in YES or word == _("Yes").casefold():
        return True
    return False if word in NO or word == _("No").casefold() else None
