"""Answering in the inbox: nothing typed is lost, whatever happens."""

from datetime import UTC, datetime
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from apps.jobs import services as jobs
from apps.jobs.choices import Lane
from apps.replies.models import Reply
from apps.reviews.models import ImportRun, Review
from apps.tenants.models import Business
from tests import factories
from tests.conftest import ClientFor

WORDS = "Dear Nora, we did not tighten the clamp."


def make(**values: object) -> Review:
    return factories.make_review(now=datetime.now(UTC), **values)  # type: ignore[arg-type]


def test_a_reply_is_sent_and_can_be_undone(client_for: ClientFor, inside: Business) -> None:
    review = make(source="own")
    client = client_for("bob")
    body = {"kind": "public", "text": WORDS}
    page = client.post(f"/inbox/{review.pk}/reply/", body, follow=True).content.decode()
    assert WORDS in page
    assert "It goes out in 10 seconds." in page
    reply = Reply.objects.get()
    assert reply.state == "queued"
    client.post(f"/inbox/{review.pk}/replies/{reply.pk}/undo/")
    page = client.get(f"/inbox/{review.pk}/").content.decode()
    assert f">{WORDS}</textarea>" in page
    assert Reply.objects.get().state == "draft"


def test_the_second_sender_sees_why_and_keeps_the_words(
    client_for: ClientFor, inside: Business
) -> None:
    review = make(source="own")
    first, second = client_for("bob"), client_for("mona")
    first.post(f"/inbox/{review.pk}/reply/", {"kind": "public", "text": "First"})
    answer = second.post(f"/inbox/{review.pk}/reply/", {"kind": "public", "text": WORDS})
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Bob has answered already" in html
    assert WORDS in html
    later = second.get(f"/inbox/{review.pk}/?reply=public").content.decode()
    assert WORDS in later


def test_a_refused_reply_keeps_the_words_and_says_why_at_the_field(
    client_for: ClientFor, inside: Business
) -> None:
    review = make(source="google")
    client = client_for("bob")
    body = {"kind": "public", "text": "Ring +44 7911 123456 please."}
    answer = client.post(f"/inbox/{review.pk}/reply/", body)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'aria-describedby="reply-error proof" aria-invalid="true"' in html
    assert ">Ring +44 7911 123456 please.</textarea>" in html
    assert 'name="confirmed"' in html
    sent = client.post(f"/inbox/{review.pk}/reply/", {**body, "confirmed": "on"})
    assert sent.status_code == 302
    assert Reply.objects.get().state == "marked_posted"


def test_bad_fields_never_break_the_composer(client_for: ClientFor, inside: Business) -> None:
    review = make(customer=factories.make_customer())
    client = client_for("bob")
    for body in (
        {},
        {"kind": "public", "text": "x\x00y"},
        {"kind": "private", "text": WORDS, "contact": "nonsense"},
        {"kind": "private", "text": WORDS, "contact": "00000000-0000-0000-0000-000000000007"},
        {"kind": "private", "text": WORDS},
        {"kind": "public", "text": "x" * 30_000},
    ):
        status = client.post(f"/inbox/{review.pk}/reply/", body).status_code
        assert status in {404, 422}
    assert Reply.objects.exclude(state="draft").count() == 0


def test_a_draft_is_kept_while_one_writes(client_for: ClientFor, inside: Business) -> None:
    review = make()
    client = client_for("bob")
    part = client.post(
        f"/inbox/{review.pk}/draft/",
        {"kind": "public", "text": WORDS},
        headers={"HX-Request": "true"},
    )
    assert "Draft kept" in part.content.decode()
    assert f">{WORDS}</textarea>" in client.get(f"/inbox/{review.pk}/").content.decode()
    plain = client.post(f"/inbox/{review.pk}/draft/", {"kind": "public", "text": "Other"})
    assert plain.status_code == 302


def test_a_check_says_what_it_finds_and_changes_nothing(
    client_for: ClientFor, inside: Business
) -> None:
    review = make(source="google")
    body = {"kind": "public", "text": "Ring +44 7911 123456 please."}
    html = client_for("bob").post(f"/inbox/{review.pk}/check/", body).content.decode()
    assert "Apology: 0 of 5" in html
    assert "28 of 4,096 bytes" in html
    assert "phone number" in html
    assert Reply.objects.count() == 0


def test_a_template_fills_the_composer(client_for: ClientFor, inside: Business) -> None:
    review = make(customer=factories.make_customer())
    client = client_for("mona")
    body = {"name": "Sorry", "body": "Dear {{ customer.first_name }}, sorry."}
    assert client.post("/templates/new/", body).status_code == 302
    page = client.get(f"/inbox/{review.pk}/")
    template = page.context["compose"]["templates"][0]
    filled = client.get(f"/inbox/{review.pk}/?template={template.pk}").content.decode()
    assert ">Dear Nora, sorry.</textarea>" in filled
    assert Reply.objects.count() == 0
    assert client.get(f"/inbox/{review.pk}/?template=nonsense").status_code == 200


def test_a_file_of_reviews_is_brought_in_by_a_manager(
    client_for: ClientFor, inside: Business
) -> None:
    contents = "id,text,stars\n1,Good,5\n2,,\n"
    client = client_for("mona")

    def upload(text: str) -> SimpleUploadedFile:
        return SimpleUploadedFile("r.csv", text.encode())

    assert client_for("bob").get("/inbox/import/").status_code == 403
    refused = client.post("/inbox/import/", {"file": upload("")})
    assert refused.status_code == 422
    assert "The file is empty." in refused.content.decode()
    address = client.post("/inbox/import/", {"file": upload(contents)}).headers["Location"]
    columns = {"column_0": "remote_id", "column_1": "text", "column_2": "rating"}
    values = {**columns, "rating_max": "5", "is_history": "on"}
    missing = client.post(address, values)
    assert missing.status_code == 422
    assert "Choose the site" in missing.content.decode()
    assert client.post(address, {**values, "source": "google"}).status_code == 302
    assert "hx-get" in client.get(address).content.decode()
    jobs.drain(lanes=[Lane.INTERACTIVE])
    checked = client.get(address).content.decode()
    assert "Bring in one review" in checked
    assert "There is neither a text nor a rating." in checked
    assert client.post(f"{address}commit/").status_code == 302
    jobs.drain(lanes=[Lane.INTERACTIVE])
    assert ImportRun.objects.get().state == "done"
    assert list(Review.objects.values_list("text", "source", "stars")) == [("Good", "google", 5)]
    rejects = client.get(f"{address}rejects.csv")
    text = b"".join(rejects.streaming_content).decode()  # type: ignore[attr-defined]
    assert "2,,,3,There is neither a text nor a rating." in text
    gone = client_for("dora", business="beta").get(address)
    assert gone.status_code == 404


def test_a_file_without_anything_new_offers_nothing(
    client_for: ClientFor, inside: Business
) -> None:
    make(remote_id="1", source="google")
    client = client_for("mona")
    file = SimpleUploadedFile("r.csv", b"id,text\n1,Good\n")
    address = client.post("/inbox/import/", {"file": file}).headers["Location"]
    values = {"column_0": "remote_id", "column_1": "text", "rating_max": "5", "source": "google"}
    client.post(address, values)
    jobs.drain(lanes=[Lane.INTERACTIVE])
    page = client.get(address).content.decode()
    assert "There is nothing new in this file." in page
    assert "Bring in" not in page


def test_an_unknown_address_is_told_at_its_field_and_the_words_stay(
    client_for: ClientFor, inside: Business
) -> None:
    review = make(customer=factories.make_customer())
    client = client_for("bob")
    body = {"kind": "private", "text": WORDS, "contact": str(uuid4())}
    answer = client.post(f"/inbox/{review.pk}/reply/", body)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "This is no address of this customer. Choose another one." in html
    assert WORDS in html
    headers = {"HX-Request": "true"}
    kept = client.post(f"/inbox/{review.pk}/draft/", body, headers=headers)
    assert kept.status_code == 422
    assert "This is no address of this customer." in kept.content.decode()
    assert Reply.objects.get().state == "draft"
