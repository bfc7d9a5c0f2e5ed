"""The words of the demo's staff: what they ask, and what their replies begin with."""

from collections.abc import Mapping
from typing import Any

AGREED = "I agree that you may write to me about my orders and ask how it went."

FINISHED: Mapping[str, Any] = {
    "name": "How was your autumn with us?",
    "steps": (
        {
            "channel": "email",
            "subject": "{{ customer.first_name | default: 'Hello' }}, how did it go?",
            "text": (
                "Hello {{ customer.first_name | default: 'there' }},\n\n"
                "you were at {{ business.name }} lately. How did it go? Whatever you tell us, the "
                "next customer reads it, and so does everyone who bakes here.\n\n"
                "{{ link }}\n\nMarcus Manning\n{{ business.name }}"
            ),
            "delay_hours": 0,
        },
        {
            "channel": "sms",
            "text": (
                "{{ business.name }}: how was it at {{ location.name | default: 'our counter' }}? "
                "Tell us in a minute, good or bad: {{ link }} Reply STOP to end"
            ),
            "delay_hours": 72,
        },
    ),
}
DRAFT: Mapping[str, Any] = {
    "name": "Celebration cakes, this season",
    "tags": ("celebration cake",),
    "steps": (
        {
            "channel": "email",
            "subject": "About your cake",
            "text": (
                "Hello {{ customer.first_name | default: 'there' }},\n\n"
                "we made a cake for you this season. How was it, from ordering to the last "
                "slice? Others who plan a party would like to know, and we would too.\n\n{{ link }}"
            ),
            "delay_hours": 48,
        },
    ),
}
RIVAL: Mapping[str, Any] = {
    "name": "What do you think of our buns?",
    "steps": (
        {
            "channel": "email",
            "subject": "What do you think?",
            "text": (
                "Hello {{ customer.first_name | default: 'there' }},\n\n"
                "what do you think of {{ business.name }}? Please tell us, in your own "
                "words.\n\n{{ link }}"
            ),
            "delay_hours": 0,
        },
    ),
}

# For those who left stars, or a line, and need no more than a word.
THANKS = (
    "Thank you, {name}. It is good to hear from you.",
    "That made our morning, {name}. Thank you.",
    "Thank you for the time you took, {name}.",
)

# Words to begin a reply with, and the stars and kinds of trouble they suit.
TEMPLATES: tuple[Mapping[str, Any], ...] = (
    {
        "name": "Thank you",
        "body": (
            "Thank you, {{ customer.first_name }}. I have read your words out in the bakehouse "
            "this morning."
        ),
        "ratings": [4, 5],
        "flags": [],
    },
    {
        "name": "In between",
        "body": (
            "Thank you for telling us both sides. I have passed on what you liked, and I am "
            "looking into the rest today."
        ),
        "ratings": [3],
        "flags": [],
    },
    {
        "name": "Something was not right",
        "body": (
            "I am sorry. This was our mistake, and I would like to put it right with you. My "
            "name is Marcus, and you reach me at the number on our page."
        ),
        "ratings": [1, 2],
        "flags": ["broken", "missing"],
    },
    {
        "name": "The queue",
        "body": (
            "I am sorry that you stood so long. We were one person short at the counter; from this "
            "week on two of us open on Saturdays."
        ),
        "ratings": [2, 3],
        "flags": ["wait"],
    },
    {
        "name": "The bill",
        "body": (
            "I am sorry about the bill. I will check it line by line today and send back what was "
            "too much."
        ),
        "ratings": [1, 2, 3],
        "flags": ["billing", "refund"],
    },
)
