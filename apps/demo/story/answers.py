"""What those who were asked answered: stars, words, and whether they went on to a public site."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer to the campaign; ``days`` and ``at`` count from its launch."""

    who: int
    days: int
    at: str
    stars: int
    text: str = ""
    site: str = ""
    reply: str = ""
    case: str = ""


ANSWERS = (
    Answer(
        who=0,
        days=0,
        at="11:02",
        stars=5,
        site="google",
        text="Friday's cardamom knots are the best hour of my week. Your new lad at the till is a "
        "treasure.",
        reply="Thank you, Priya. I have told him, and he has gone the colour of the oven.",
    ),
    Answer(
        who=2,
        days=0,
        at="11:40",
        stars=5,
        text="Soda bread like my grandmother's. Nearly.",
        reply="Nearly is high praise, Siobhán. What did she do that we do not?",
    ),
    Answer(
        who=3,
        days=0,
        at="12:15",
        stars=4,
        site="google",
        text="Sehr gutes Vollkornbrot, nette Leute. Der Kaffee dürfte stärker sein.",
        reply="Danke, Katrin! Fragen Sie nach dem Röstkaffee vom Mittwoch.",
    ),
    Answer(
        who=4,
        days=0,
        at="13:30",
        stars=2,
        case="missing",
        text="My wholesale order was missing eight loaves and I only found out when my own shop "
        "opened. No call from you.",
        reply="I am sorry, Piotr. We forgot the second tray. I am ringing you now.",
    ),
    Answer(who=5, days=0, at="15:05", stars=5),
    Answer(
        who=6,
        days=0,
        at="17:48",
        stars=1,
        case="broken",
        text="The birthday cake collapsed in the box before we got home. The base was cracked and "
        "soggy. A ruined evening for a seven year old.",
        reply="I am so sorry, Daniel. The base had not set when we boxed it. I would like to come "
        "by and put it right.",
    ),
    Answer(who=7, days=0, at="19:20", stars=5, site="facebook", text="Lovely as always."),
    Answer(
        who=8,
        days=1,
        at="08:10",
        stars=5,
        text="Open early, warm bread, no fuss.",
        reply="Thank you, Aoife. See you at seven.",
    ),
    Answer(
        who=9,
        days=1,
        at="09:33",
        stars=3,
        text="Brot gut, aber zweimal war das Brötchen vom Vortag ohne Hinweis.",
        reply="Das tut uns leid, Herr Albrecht. Brötchen vom Vortag liegen ab heute extra.",
    ),
    Answer(
        who=10,
        days=1,
        at="12:20",
        stars=2,
        case="cake",
        text="Ordered a lemon drizzle, collected a carrot cake. The wrong cake for a man who "
        "cannot stand carrots.",
        reply="I am sorry, Mark. Two boxes were mixed up on the shelf, which is our mistake.",
    ),
    Answer(who=11, days=1, at="16:45", stars=5, site="google"),
    Answer(who=14, days=2, at="10:12", stars=4, text="Nice walk, nice bun, nice chat."),
    Answer(
        who=15,
        days=2,
        at="11:55",
        stars=2,
        case="silent",
        text="Slow service and the soup was cold. The third time now.",
        reply="I am sorry, Oliver. Cold soup three times is three times too many.",
    ),
    Answer(who=16, days=3, at="11:20", stars=5, site="trustpilot", text="Never disappoints."),
    Answer(
        who=17,
        days=3,
        at="11:31",
        stars=5,
        text="You sent a second loaf when mine got squashed in the post. I was not going to say a "
        "word.",
        reply="Thank you, Niall. Squashed bread is nobody's breakfast.",
    ),
    Answer(who=18, days=3, at="12:02", stars=4, site="google"),
    Answer(
        who=19,
        days=3,
        at="13:40",
        stars=5,
        text="Chleb na zakwasie jak u mamy.",
        reply="Dziękujemy, Agnieszka!",
    ),
    Answer(
        who=29,
        days=3,
        at="14:15",
        stars=4,
        text="I am eighty one and they carry it to the car. The step at the door wants a rail.",
        reply="Thank you, Harold. The rail is ordered.",
    ),
    Answer(who=30, days=4, at="09:10", stars=5, text="Good bread and a chair to sit on."),
    Answer(
        who=31,
        days=5,
        at="20:30",
        stars=3,
        text="Bread very good, but the loyalty card never scans.",
        reply="Thank you. The cards go; from next week a name is enough.",
    ),
    Answer(who=25, days=6, at="18:05", stars=5, site="google"),
)

RIVAL_ANSWERS = (
    Answer(who=0, days=0, at="11:30", stars=5, text="Warm buns, warm welcome."),
    Answer(who=1, days=0, at="14:10", stars=4),
    Answer(who=2, days=1, at="09:45", stars=5, text="Worth the walk.", reply="Thank you!"),
)
