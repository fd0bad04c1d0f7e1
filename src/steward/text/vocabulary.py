"""The words of time in English, German and French, casefolded, and what they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import time

WEEKDAYS = {
    **dict.fromkeys(("monday", "mon", "montag", "mo", "lundi"), 0),
    **dict.fromkeys(("tuesday", "tue", "tues", "dienstag", "di", "mardi"), 1),
    **dict.fromkeys(("wednesday", "wed", "mittwoch", "mi", "mercredi"), 2),
    **dict.fromkeys(("thursday", "thu", "thur", "thurs", "donnerstag", "do", "jeudi"), 3),
    **dict.fromkeys(("friday", "fri", "freitag", "fr", "vendredi"), 4),
    **dict.fromkeys(("saturday", "sat", "samstag", "sonnabend", "sa", "samedi"), 5),
    **dict.fromkeys(("sunday", "sun", "sonntag", "so", "dimanche"), 6),
}
MONTHS = {
    **dict.fromkeys(("january", "jan", "januar", "jänner", "janvier"), 1),
    **dict.fromkeys(("february", "feb", "februar", "février", "fevrier"), 2),
    **dict.fromkeys(("march", "mar", "märz", "maerz", "mars"), 3),
    **dict.fromkeys(("april", "apr", "avril"), 4),
    **dict.fromkeys(("may", "mai"), 5),
    **dict.fromkeys(("june", "jun", "juni", "juin"), 6),
    **dict.fromkeys(("july", "jul", "juli", "juillet"), 7),
    **dict.fromkeys(("august", "aug", "août", "aout"), 8),
    **dict.fromkeys(("september", "sep", "sept", "septembre"), 9),
    **dict.fromkeys(("october", "oct", "oktober", "okt", "octobre"), 10),
    **dict.fromkeys(("november", "nov", "novembre"), 11),
    **dict.fromkeys(("december", "dec", "dezember", "dez", "décembre", "decembre"), 12),
}
DAYS_AHEAD = {
    **dict.fromkeys(("today", "heute", "aujourd'hui"), 0),
    **dict.fromkeys(("tomorrow", "tmrw", "tmr", "morgen", "demain"), 1),
    **dict.fromkeys(("day after tomorrow", "übermorgen", "uebermorgen", "après-demain", "apres-demain"), 2),
    **dict.fromkeys(("yesterday", "gestern", "hier"), -1),
}
MORNING, AFTERNOON, EVENING, NIGHT = "morning", "afternoon", "evening", "night"
PARTS_OF_DAY = {
    **dict.fromkeys(("morning", "früh", "frueh", "morgens", "vormittag", "vormittags", "matin"), MORNING),
    **dict.fromkeys(("afternoon", "nachmittag", "nachmittags", "après-midi", "apres-midi"), AFTERNOON),
    **dict.fromkeys(("evening", "abend", "abends", "soir"), EVENING),
    **dict.fromkeys(("night", "nacht", "nachts", "nuit"), NIGHT),
}
TONIGHT = ("tonight", "tonite", "this night", "heute nacht", "cette nuit")
ASSUMED = {MORNING: time(9), AFTERNOON: time(15)}
"""What is taken for a part of the day without a time; in the evening the caller's time for days without one."""

NOON = ("noon", "midday", "mittag", "mittags", "midi")
MIDNIGHT = ("midnight", "mitternacht", "minuit")
THIS = ("this", "coming", "diesen", "dieses", "diese", "dieser", "kommenden", "kommende", "ce", "cette")
NEXT = ("next", "nächsten", "nächste", "nächster", "naechsten", "naechste", "prochain", "prochaine")
NEXT_WEEK = ("next week", "nächste woche", "naechste woche", "la semaine prochaine")
NAMED_DATES = {
    **dict.fromkeys(("christmas eve", "xmas eve", "heiligabend", "heiliger abend"), (24, 12)),
    **dict.fromkeys(("christmas day", "christmas", "xmas", "noël"), (25, 12)),
    **dict.fromkeys(("boxing day",), (26, 12)),
    **dict.fromkeys(("new year's eve", "new years eve", "nye", "silvester", "saint-sylvestre"), (31, 12)),
    **dict.fromkeys(("new year's day", "new years day", "neujahr", "jour de l'an"), (1, 1)),
    **dict.fromkeys(("valentine's day", "valentines day", "valentinstag"), (14, 2)),
    **dict.fromkeys(("halloween",), (31, 10)),
    **dict.fromkeys(
        ("end of the year", "end of year", "last day of the year", "jahresende", "ende des jahres"), (31, 12)
    ),
}
"""Day and month of days that have the same date each year."""

ORDINALS = {
    **dict.fromkeys(("first", "1st", "ersten", "erster", "premier"), 1),
    **dict.fromkeys(("second", "2nd", "zweiten", "zweiter", "deuxième"), 2),
    **dict.fromkeys(("third", "3rd", "dritten", "dritter", "troisième"), 3),
    **dict.fromkeys(("fourth", "4th", "vierten", "vierter", "quatrième"), 4),
    **dict.fromkeys(("fifth", "5th", "fünften", "fünfter"), 5),
    **dict.fromkeys(("last", "letzten", "letzter", "dernier"), -1),
}
NUMBERS = {
    **dict.fromkeys(("a", "an", "one", "ein", "eine", "einem", "einer", "einen", "un", "une"), 1.0),
    **dict.fromkeys(("two", "zwei", "deux", "a couple of", "a couple"), 2.0),
    **dict.fromkeys(("three", "drei", "trois"), 3.0),
    **dict.fromkeys(("four", "vier", "quatre"), 4.0),
    **dict.fromkeys(("five", "fünf", "cinq"), 5.0),
    **dict.fromkeys(("six", "sechs"), 6.0),
    **dict.fromkeys(("seven", "sieben", "sept"), 7.0),
    **dict.fromkeys(("eight", "acht", "huit"), 8.0),
    **dict.fromkeys(("nine", "neun", "neuf"), 9.0),
    **dict.fromkeys(("ten", "zehn", "dix"), 10.0),
    **dict.fromkeys(("eleven", "elf", "onze"), 11.0),
    **dict.fromkeys(("twelve", "zwölf", "douze"), 12.0),
    **dict.fromkeys(("half an", "half a", "a half", "einer halben", "eine halbe", "une demi", "une demi-"), 0.5),
    **dict.fromkeys(("a quarter of an", "einer viertel", "eine viertel"), 0.25),
    **dict.fromkeys(("one and a half", "anderthalb", "eineinhalb"), 1.5),
}
UNITS = {
    **dict.fromkeys(("seconds", "second", "secs", "sec", "s", "sekunden", "sekunde", "secondes", "seconde"), "second"),
    **dict.fromkeys(("minutes", "minute", "mins", "min", "m", "minuten"), "minute"),
    **dict.fromkeys(("hours", "hour", "hrs", "hr", "h", "stunden", "stunde", "std", "heures", "heure"), "hour"),
    **dict.fromkeys(("days", "day", "d", "tagen", "tage", "tag", "jours", "jour"), "day"),
    **dict.fromkeys(("weeks", "week", "w", "wochen", "woche", "semaines", "semaine"), "week"),
    **dict.fromkeys(("months", "month", "monaten", "monate", "monat", "mois"), "month"),
    **dict.fromkeys(("years", "year", "jahren", "jahre", "jahr", "ans", "an"), "year"),
}
IN = ("in", "dans")
FROM_NOW = ("from now", "from today", "from this moment", "ab jetzt", "ab heute")
END_OF = ("end of", "ende", "fin")
MONTH = ("month", "monat", "monats", "mois")
ARTICLES = ("the", "of", "der", "den", "dem", "des", "die", "im", "le", "la", "du", "de")
AT = ("at", "@", "um", "gegen", "à", "a")
FILLERS = (*ARTICLES, *AT, "on", "am", "in", "and", "und", "et", "o'clock", "sharp", "time", "uhrzeit")


def any_of(words: Iterable[str]) -> str:
    """Return the words as a regular expression, the longest first."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"
