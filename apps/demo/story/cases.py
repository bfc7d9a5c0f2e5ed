"""How the staff put right what went wrong; hours count from when the case was opened."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Gift:
    """What is offered because of a failure."""

    remedy: str
    title: str
    terms: str
    value_minor: int
    days: int = 60


@dataclass(frozen=True, kw_only=True)
class Story:
    """A case from its opening to its end, as far as it has come."""

    what_happened: str = ""
    cause: str = ""
    kind: str = ""
    apology: str = ""
    how: str = "email"
    prevent: str = ""
    gift: Gift | None = None
    promise: str = ""
    # What the customer says when asked, and in how many hours they come back.
    answer: str = ""
    words: str = ""
    back: int = 0
    outcome: str = "settled"
    note: str = ""
    by: str = "agent"


PASTRY = "For the pastries named, at either of our shops, once."

CLOSED = {
    "wait": Story(
        what_happened="One of two was ill and nobody was called in; the coffee stood on the "
        "counter for ten minutes.",
        cause="No stand-in on the Saturday rota",
        apology="Dear Tom,\n\nI am sorry. We kept you waiting for thirty five minutes and then "
        "served you cold coffee. This happened because one of two was ill and we did not call "
        "anybody in. I will make you two fresh ones on your next visit. We have added a stand-in "
        "to every Saturday, so that it does not happen again.\n\nAgnes Gent",
        prevent="Write a stand-in into every Saturday rota",
        gift=Gift(
            remedy="redo",
            title="Two coffees, made while you watch",
            value_minor=760,
            terms="For two hot drinks of your choice, at either of our shops, once.",
        ),
        back=44,
        answer="good",
        by="agent",
    ),
    "billing": Story(
        what_happened="The card terminal timed out and the first payment went through unseen.",
        cause="Terminal shows “declined” after a time-out",
        apology="Dear Ellen,\n\nI am sorry. We charged you twice and then did not answer the "
        "phone. This happened because our terminal reports a time-out as a refusal. I have "
        "refunded £46.00 today. We have changed how we check the day's payments, so that it does "
        "not happen again.\n\nMarcus Manning",
        prevent="Check time-outs against the bank every evening",
        gift=Gift(
            remedy="credit_same_service",
            title="Your next celebration cake, £15 off",
            value_minor=1500,
            terms="For one celebration cake, ordered at either shop, once.",
        ),
        promise="The refund is in your account by Friday",
        answer="good",
        words="The money was there on Thursday. Thank you for ringing.",
        back=150,
        by="manager",
    ),
    "rude": Story(
        what_happened="The man at the till hurried Mrs Karim while she counted coins, in front of "
        "others.",
        cause="A new colleague, alone at the till in the rush",
        apology="I am sorry. We did not treat your mother as she deserves. He was alone in the "
        "rush and lost his patience, which is our fault and not hers. I will call on her with him "
        "on Sunday, and we have changed the rota so that nobody is alone at noon.",
        how="phone",
        prevent="Nobody alone at the till between eleven and two",
        answer="not_good",
        words="I hear you. My mother would still rather not come.",
        outcome="parted",
        note="They accept the apology and stay away. We leave it there.",
        by="manager",
    ),
    "nameless": Story(
        what_happened="Two trays from the day before were put out with the fresh ones.",
        cause="Trays were not labelled at closing time",
        apology="Said in the public reply, and at the counter for whoever asks for Marcus.",
        how="in_person",
        prevent="Label yesterday's trays at closing time",
        note="Nobody has come forward yet; the reply stays up.",
        outcome="no_answer",
        by="manager",
    ),
    "not_ours": Story(
        outcome="not_ours",
        note="The hamper was sold by another shop of a similar name.",
        by="manager",
    ),
    "missing": Story(
        what_happened="Eight of forty loaves stayed on the second tray in the van.",
        cause="The driver unloads by memory",
        apology="Dear Piotr,\n\nI am sorry. We forgot eight of your loaves and did not call you. "
        "This happened because the second tray stayed in the van. I have credited the eight "
        "loaves, and I will bring tomorrow's order myself. From now on the driver counts with "
        "you at the door, so that it does not happen again.\n\nMarcus Manning",
        prevent="Delivery note is counted and signed at the door",
        gift=Gift(
            remedy="credit_same_service",
            title="Eight loaves on your next order",
            value_minor=2800,
            terms="For one wholesale order from either shop, once.",
        ),
        promise="Marcus brings tomorrow's order himself, before seven",
        answer="good",
        words="He was here at ten to seven. All forty were there.",
        back=120,
        by="manager",
    ),
    "broken": Story(
        what_happened="The sponge was boxed while still warm and the base gave way in the car.",
        cause="Two cakes had to be ready at the same hour",
        apology="Dear Daniel,\n\nI am sorry. We gave you a cake that was not ready, on the one "
        "evening that counted. It happened because we boxed it while it was still warm. I have "
        "refunded the whole cake, and I will bake another one for a day you choose. We now take "
        "one order an hour, so that it does not happen again.\n\nOlive Owens",
        prevent="One celebration cake an hour, no more",
        gift=Gift(
            remedy="redo",
            title="The same cake again, for a day you choose",
            value_minor=4200,
            terms="For one birthday cake as ordered, from either shop, once.",
            days=120,
        ),
        promise="Olive rings you on Thursday to hear which day suits",
        answer="good",
        words="She rang. We will take you up on it in spring.",
        by="manager",
    ),
    "cake": Story(
        what_happened="Two boxes of the same size stood side by side, and the slips were swapped.",
        cause="Slips lay beside the boxes instead of on them",
        apology="Dear Mark,\n\nI am sorry. We gave you the wrong cake. This happened because two "
        "slips were swapped on the shelf. I will bake your lemon drizzle for any day you choose. "
        "We have started to staple the slip to the box, so that it does not happen again.\n\n"
        "Agnes Gent",
        prevent="Slip is stapled to the box, and read out at the counter",
        gift=Gift(
            remedy="replace",
            title="One lemon drizzle cake",
            value_minor=1850,
            terms="For one lemon drizzle cake, at either of our shops, once.",
        ),
        back=52,
        answer="good",
        by="agent",
    ),
    "silent": Story(
        what_happened="The soup pot was moved off the heat at two, and lunch went on until three.",
        cause="Lunch ended an hour later than the soup",
        apology="Dear Oliver,\n\nI am sorry. We served you cold soup three times, and the third "
        "time we should have known. It happened because the pot was taken off at two. I will "
        "bring you a hot one myself when you come. We have changed it: the pot stays on until the "
        "last guest, so that it does not happen again.\n\nAgnes Gent",
        prevent="Soup stays on the heat until three",
        gift=Gift(
            remedy="redo",
            title="Soup and bread for two",
            value_minor=1400,
            terms="For two bowls of soup with bread, at either of our shops, once.",
            days=30,
        ),
        outcome="no_answer",
        note="Asked twice, no answer. The offer stays good.",
        by="agent",
    ),
}
# What is under way now.
COLLECTED = Story(
    what_happened="The slip says Tobias. It was taken by phone and not read back.",
    cause="Names are not spelled back on the phone",
)
LATE_VAN = Story(
    what_happened="The van stood at Ponsanooth with a flat tyre from seven to ten; nobody rang "
    "the twelve people who were waiting.",
    cause="No second number in the van",
    apology="Dear Grace,\n\nI am sorry. We let you and your guests wait, and we did not call. "
    "It happened because the van had a flat tyre and the driver had only our shop's number. I "
    "have refunded the delivery, and I will ring you today. We have put the day's list with all "
    "numbers into the van, so that it does not happen again.\n\nAgnes Gent",
    prevent="The day's list, with every number, travels in the van",
    gift=Gift(
        remedy="refund_part",
        title="The whole breakfast order refunded",
        value_minor=8500,
        terms="For the breakfast order of this week, once.",
        days=30,
    ),
    promise="Agnes rings you today and says how the refund is paid",
)
CRUST = Story(
    what_happened="The rye was proved too short on two days: a new oven, an old timetable.",
    cause="Timetable of the old oven",
    apology="Dear Wei,\n\nI am sorry. We sold you two loaves that we should not have sold. It "
    "happened because the new oven is hotter than our timetable knew. I will set aside a fresh "
    "rye for you this week. We have rewritten the timetable, so that it does not happen again."
    "\n\nAgnes Gent",
    prevent="New timetable hangs beside the oven",
    gift=Gift(
        remedy="replace",
        title="Two rye loaves of your choice",
        value_minor=960,
        terms="For two loaves of rye, at either of our shops, once.",
    ),
    promise="A fresh rye is set aside for you, ready before noon",
)
SAFETY = Story(
    what_happened="The flapjacks share a tray with the pecan slices; the sign said “no nuts”.",
    cause="Sign written from an old recipe",
    kind="safety",
)
