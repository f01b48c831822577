"""Small diaries on four matters, for tests of topics: which is which can be seen at a glance."""

from __future__ import annotations

import pandas as pd

THEMES = {
    "garden": {
        "de": "Im Garten wachsen Tomaten. Die Blumen brauchen Wasser. Unter dem Baum liegt Erde. "
        "Der Garten riecht nach Regen. Der Baum trägt Blumen.",
        "en": "Tomatoes grow in the garden. The flowers need water. There is soil under the tree. "
        "The garden smells of rain. The tree is in flower.",
    },
    "train": {
        "de": "Der Zug stand im Bahnhof. Wieder eine Verspätung. Am Bahnhof fehlte die Fahrkarte. "
        "Ohne Koffer auf die Reise. Der Zug fuhr leer.",
        "en": "The train stood in the station. Another delay. At the station the ticket was gone. "
        "No suitcase for the journey. The train ran empty.",
    },
    "kitchen": {
        "de": "Die Suppe kochte im Topf. Zwiebeln und Salz fehlten. In der Küche stand Brot. "
        "Der Topf war zu klein für die Suppe. Käse in der Küche.",
        "en": "The soup cooked in the pot. Onions and salt were missing. Bread in the kitchen. "
        "The pot was too small for the soup. Cheese in the kitchen.",
    },
    "football": {
        "de": "Die Mannschaft verlor das Spiel. Der Trainer rief. Ein Ball, kein Tor. "
        "Nach dem Spiel weinte der Trainer. Die Spieler suchten den Ball.",
        "en": "The team lost the game. The coach shouted. One ball, no goal. "
        "After the game the coach cried. The players looked for the ball.",
    },
}


def themed(languages: tuple[str, ...] = ("de",), each: int = 12) -> pd.DataFrame:
    """``entry_id, text, language, theme``: ``each`` entries a theme and language, interleaved."""
    rows = []
    for number in range(each):
        for theme, texts in THEMES.items():
            for language in languages:
                sentences = texts[language].split(". ")
                picked = [sentences[(number + step) % 5].rstrip(".") for step in (0, 1, 3)]
                rows.append((". ".join(picked) + ".", language, theme))
    table = pd.DataFrame(rows, columns=["text", "language", "theme"])
    table.insert(0, "entry_id", [f"e{number:03}" for number in range(len(table))])
    return table
