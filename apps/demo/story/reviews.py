"""What people wrote elsewhere, up to a month ago, and what the staff replied."""

from apps.demo.story.recent import RECENT
from apps.demo.story.written import Written

EARLIER = (
    Written(
        when="59d 09:12",
        site="google",
        author="Bryony Hale",
        stars=5,
        text="The seeded sourdough is the reason I get off the bus two stops early. Still warm at "
        "eight, and they slice it without being asked twice.",
        reply="Thank you, Bryony. Two stops early is the kindest thing anyone has said about our "
        "oven.",
        after=3,
    ),
    Written(
        when="58d 14:30",
        site="facebook",
        author="Steve Pollard",
        stars=4,
        text="Good pasties, friendly people. Parking outside is a game of patience.",
        reply="Thank you, Steve. After three in the afternoon there is nearly always room behind "
        "the chapel.",
        after=6,
    ),
    Written(
        when="56d 17:05",
        site="trustpilot",
        author="Camille D.",
        stars=5,
        title="Wedding bread",
        text="Sixty loaves for our wedding, each one with our initials scored into the crust. "
        "Olive rang the evening before to ask about the seating so that the gluten-free rolls "
        "went to the right table.",
        reply="What a day that was for us too. All the best to you both.",
        after=20,
    ),
    Written(
        when="55d 08:40",
        site="google",
        author="R. Ellacott",
        stars=3,
        place=1,
        text="Bread excellent as ever. The new till is slow and nobody seems to know how to split "
        "a bill.",
        reply="Thank you for both halves of this. We have practised splitting bills this week; "
        "please try us again.",
        after=9,
    ),
    Written(
        when="53d 11:20",
        site="google",
        author="Mandy Frost",
        stars=5,
        place=1,
        text="Came in with two tired children and left with two happy ones. The lady at the "
        "counter let them watch the dough being folded.",
        is_read=True,
        after=4,
    ),
    Written(
        when="51d 16:45",
        site="google",
        author="Tom Ashworth",
        stars=2,
        who=1,
        case="wait",
        text="Waited thirty five minutes for two coffees that came out cold. Staff were chatting "
        "while the queue went out of the door.",
        reply="I am sorry, Tom. We were one person short and did not say so. I will call you "
        "today, as you asked.",
        after=4,
    ),
    Written(
        when="50d 10:00",
        site="facebook",
        author="Lorna Keast",
        stars=5,
        text="Best saffron buns this side of the river. That is all.",
        reply="Thank you, Lorna. Saffron goes in on Wednesdays and Saturdays.",
        after=2,
    ),
    Written(
        when="48d 19:15",
        site="trustpilot",
        author="Hendrik",
        stars=4,
        title="Solide Bäckerei",
        text="Gutes Roggenbrot, fast wie zu Hause. Nur sonntags ist leider geschlossen.",
        language="de",
        reply="Danke, Hendrik! Sonntags schläft unser Ofen, aber samstags backen wir bis vier.",
        after=15,
    ),
    Written(
        when="46d 12:30",
        site="trustpilot",
        author="Ellen Whitby",
        stars=1,
        who=12,
        case="billing",
        title="Charged twice",
        text="Charged twice for one birthday cake and nobody answered the phone for two days. I "
        "want my money back.",
        reply="I am sorry, Ellen. The second charge was our mistake. I have rung you and the "
        "money is on its way back.",
        after=3,
    ),
    Written(
        when="44d 09:50",
        site="google",
        author="Gareth Lyne",
        stars=5,
        text="They remembered my order after a year away.",
        is_read=True,
        after=7,
    ),
    Written(
        when="42d 13:10",
        site="facebook",
        author="Rashid Karim",
        stars=1,
        place=1,
        who=13,
        case="rude",
        text="The man at the till was rude to my mother because she counted her coins. She will "
        "not come back and neither will I.",
        reply="I am ashamed to read this and I am sorry. I would like to apologise to your mother "
        "myself. Marcus Manning, manager.",
        after=5,
    ),
    Written(
        when="39d 15:25",
        site="google",
        author="Pamela Grant",
        stars=4,
        text="Lovely rye. A little pricey, but you can taste where the money goes.",
        reply="Thank you, Pamela. The flour comes from eleven miles away, and so does the price.",
        after=22,
    ),
    Written(
        when="37d 18:00",
        site="google",
        author="Local guide 88",
        stars=2,
        case="nameless",
        text="Croissants were stale at ten in the morning. At that price I expect better.",
        reply="I am sorry. Yesterday's trays were put out by mistake. Bring this to the counter "
        "and ask for Marcus; I would like to give you fresh ones.",
        after=6,
    ),
    Written(
        when="34d 10:35",
        site="trustpilot",
        author="Dawn",
        stars=1,
        case="not_ours",
        title="Never delivered",
        text="Ordered a hamper for Christmas from your web shop and it never arrived.",
        reply="I am sorry for the trouble, Dawn. We do not sell hampers and have no web shop; I "
        "have looked up the seller's address for you, please write to me.",
        after=7,
    ),
    Written(
        when="31d 09:05",
        site="google",
        author="Kevin O’Dowd",
        stars=5,
        place=1,
        text="Great coffee, great people. The cheese scones vanish by eleven.",
        reply="Thank you, Kevin. We bake a second tray at half past ten now.",
        after=3,
    ),
)
REVIEWS = (*EARLIER, *RECENT)

RIVAL_REVIEWS = (
    Written(
        when="40d 10:10",
        site="google",
        author="Wanda Pike",
        stars=5,
        text="Small, busy, worth it.",
        reply="Thank you, Wanda.",
        after=4,
    ),
    Written(
        when="29d 12:40",
        site="google",
        author="Arlo",
        stars=4,
        text="Good buns, short opening hours.",
        is_read=True,
        after=6,
    ),
    Written(
        when="21d 09:20",
        site="facebook",
        author="Greta Lund",
        stars=5,
        text="Cardamom everywhere, as it should be.",
        reply="Tack, Greta!",
        after=3,
    ),
    Written(
        when="12d 16:00",
        site="google",
        author="Ned Farrow",
        stars=3,
        text="Nice people, but the card machine was broken again.",
        reply="Sorry, Ned. It has been replaced.",
        after=20,
    ),
    Written(
        when="5d 11:30",
        site="google",
        author="Opal Stein",
        stars=5,
        text="The queue moves fast and everyone is kind.",
        reply="Thank you, Opal.",
        after=2,
    ),
    Written(
        when="9h",
        site="google",
        author="Lewis Brand",
        stars=2,
        case="fresh",
        text="Paid for six buns and got five, and only noticed at home. Half of them were stale.",
    ),
)
