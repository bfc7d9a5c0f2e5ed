"""Names and words to make many rows of."""

FIRST = (
    "Ada", "Ben", "Cara", "Dev", "Elsa", "Finn", "Gita", "Hugo", "Iris", "Jonas", "Kira", "Leo",
    "Mona", "Nils", "Olga", "Pete", "Quinn", "Rosa", "Sven", "Tara", "Uma", "Vito", "Willa",
    "Xander", "Yara", "Zeno",
)  # fmt: skip
LAST = (
    "Archer", "Baker", "Carver", "Dyer", "Ewing", "Fisher", "Glover", "Hunter", "Ivers", "Joiner",
    "Keeper", "Lister", "Mason", "Napier", "Osler", "Potter", "Quill", "Reeve", "Sawyer",
    "Thatcher", "Usher", "Vintner", "Weaver", "Young",
)  # fmt: skip
TAGS = ("regular", "wholesale", "new this year", "online")
GOODS = ("Order", "Lunch", "Bread of the week", "Cake", "Coffee")
# One of each makes a review.
SENTENCES = (
    (
        "Came in on a rainy morning.", "Third visit this month.", "Ordered by phone.",
        "My sister told me about it.", "We were passing through.",
    ),
    (
        "Friendly people and quick hands.", "The queue took a while.", "Nobody seemed to know.",
        "They remembered my name.", "It was busy but calm.",
    ),
    (
        "The bread was still warm.", "The coffee had gone cold.", "Everything was as ordered.",
        "One item was missing.", "The cake was perfect.",
    ),
    ("Will come again.", "Perhaps another time.", "Worth the detour.", "Fine for what it costs."),
)  # fmt: skip
