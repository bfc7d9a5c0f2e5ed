"""Reviews that were written elsewhere come in by file, and the figures know them."""

import csv
import io
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from playwright.sync_api import expect

from tests.journeys.people import Person

HEADINGS = ("id", "source", "business", "date", "rating", "rating_max", "title", "text", "lang")
SAID = (
    (5, "Great service", "They trued both wheels while I waited and told me what was worn."),
    (4, "", "Fair price. The shop is small and it was crowded on Saturday."),
    (2, "Three weeks", "Three weeks for a saddle, and nobody called me back."),
    (None, "", "Is the shop open on bank holidays?"),
    (5, "", "Picked up on time; the gears run like new."),
    (3, "", "Good work, but the invoice was higher than what was quoted."),
    (1, "Never again", "Rude at the counter, and my lamp was missing afterwards."),
    (5, "Merci", "Très bon accueil, vélo réparé le jour même."),
    (None, "", "Lent us a child seat for the holidays. Lovely people."),
    (4, "", "Honest advice: they talked me out of a new bike."),
)
FRESH, OLD, UNDATED = 20, 20, 20


def bulk_export(now: datetime) -> bytes:
    """Return sixty reviews as a bulk export has them, one of them twice, and two broken rows."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(HEADINGS)
    for number in range(FRESH + OLD + UNDATED):
        rating, title, text = SAID[number % len(SAID)]
        rows.writerow((f"x-{number}", "google", "Alpha Bikes", _written(number, now),
                       rating or "", 5 if rating else "", title, text, "en"))  # fmt: skip
    rows.writerow(("x-0", "google", "Alpha Bikes", "", 5, 5, "", "The same once more.", "en"))
    rows.writerow(("x-90", "google", "Alpha Bikes", "", 9, 5, "", "Nine of five stars.", "en"))
    rows.writerow(("x-91", "google", "Alpha Bikes", "2026-02-31", 4, 5, "", "No such day.", "en"))
    return out.getvalue().encode()


def _written(number: int, now: datetime) -> str:
    if number >= FRESH + OLD:
        return ""
    days = 1 + number % FRESH if number < FRESH else 400 + number
    return f"{now - timedelta(days=days):%Y-%m-%d}"


def import_reviews(mona: Person) -> None:
    """Bring the file in and read it in the inbox."""
    mona.open("/inbox/import/")
    mona.page.get_by_label("File", exact=True).set_input_files(
        {
            "name": "reviews.csv",
            "mimeType": "text/csv",
            "buffer": bulk_export(datetime.now(UTC)),
        }
    )
    mona.press("Look at the file")
    mona.arrives(r"/inbox/import/[0-9a-f-]{36}/$")
    mona.press("Check the file")
    mona.sees("Checked; nothing has come in yet")
    found = mona.facts()
    assert (found["Rows"], found["New"], found["Cannot come in"]) == ("63", "60", "2")
    assert [row[:2] for row in mona.rows("What cannot come in")] == [
        ["63", "The rating 9 is above the highest, 5."],
        ["64", "“2026-02-31” is no date; write it as 2026-11-30 or 30.11.2026."],
    ]
    mona.press("Bring in")
    mona.sees("They are in")
    assert mona.facts() == {"New": "60", "Already there": "1", "Left out": "2"}
    kept = mona.stage.rows(
        "SELECT count(*) AS n, count(rating) AS rated, count(written_at) AS dated"
        " FROM reviews_review WHERE source = 'google'"
    )
    assert kept == [{"n": 60, "rated": 48, "dated": 40}]
    assert mona.stage.rows("SELECT number FROM recovery_case") == [{"number": 1001}]
    mona.follow("Read them")
    expect(mona.page.locator(".letters > li")).to_have_count(40)
    mona.open("/inbox/?view=everything&q=saddle")
    expect(mona.page.locator(".letters > li")).to_have_count(6)


def figures_are_shown(mona: Person) -> None:
    """See the rating of the last thirty days on the home page, with its n."""
    fresh = [SAID[number % len(SAID)][0] for number in range(FRESH)]
    ratings = [*(rating for rating in fresh if rating is not None), 1]  # and Nora's one star
    mean = Fraction(sum(ratings), len(ratings))
    mona.open("/")
    figure = mona.page.locator("article.figure").first
    expect(figure).to_contain_text("Rating, 30 days")
    expect(figure).to_contain_text(f"{float(mean):.2f}")
    expect(figure).to_contain_text(f"n = {len(ratings)}")
    mona.sees("0 messages after an opt-out")
