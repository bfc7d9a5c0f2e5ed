"""The main job by the API alone: ask, hear, put right, and see the customer come back.

The customer does what customers do: opens the links of the messages that arrive.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

WORDING = "Yes, Alpha Bikes may write to me about my visit."
MAIL = "Hello {{ customer.first_name }}, how did it go? Good or bad, tell us: {{ link }}"
SORRY = (
    "Dear Nora, I am sorry that the brake failed two days after our service. We fitted the wrong "
    "pads: that was our mistake. We will collect the bike today and fit the right ones. Ruth"
)
Answer = dict[str, Any]


class World(Protocol):
    """The product as the walk meets it, in this process or over real HTTP."""

    zone: str

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Ask the API; returns status and answer."""
        ...

    def settle(self, holds: Callable[[], bool]) -> None:
        """Let the workers work until something holds."""
        ...

    def find_link(self, address: str, purpose: str) -> str:
        """Return the path behind a link in the newest mail to an address that has one."""
        ...

    def visit(self, path: str, form: dict[str, str] | None = None) -> str:
        """Open a page as the customer, or send its form; returns what it says."""
        ...


def get(world: World, path: str) -> Answer:
    """Read something that is there."""
    status, answer = world.ask("GET", path)
    assert status == 200, (path, answer)
    found: Answer = answer
    return found


def rows(world: World, path: str) -> list[Answer]:
    """Read the first page of a list."""
    found: list[Answer] = get(world, path)["results"]
    return found


def do(world: World, path: str, body: Any = None, *, status: int = 200) -> Answer:
    """Post something that is granted."""
    found, answer = world.ask("POST", path, body or {})
    assert found == status, (path, answer)
    given: Answer = answer
    return given


def walk(world: World) -> None:
    """Go the whole path."""
    team = {one["name"]: one["id"] for one in rows(world, "staff/")}
    place = bring_customers_in(world)
    nora = rows(world, "customers/?external_id=K-1")[0]
    launch_campaign(world, place)
    hear(world, nora)
    review = answer_review(world, nora, team)
    case = put_right(world, review, nora, team)
    win_back(world, case, nora, team, place)
    read_figures(world)


def bring_customers_in(world: World) -> Answer:
    """Add a place, people with their consent, and what they had."""
    place = do(
        world,
        "locations/",
        {"name": "Mill Lane", "country": "GB", "city": "Bath", "time_zone": world.zone},
        status=201,
    )
    agreed = {
        "basis": "express", "purposes": ["review_request", "winback_offer"],
        "source": "checkout", "wording": WORDING,
    }  # fmt: skip
    people = [
        {"external_id": "K-1", "first_name": "Nora", "email": "nora@example.com"},
        {"external_id": "K-2", "first_name": "Ben", "email": "ben@example.com"},
        {"external_id": "K-3", "first_name": "Eve", "email": "eve@example.com"},
    ]
    body = [{**one, "consent": agreed, "location_id": place["id"]} for one in people]
    told = do(world, "customers/bulk/", {"customers": body})
    assert told["counts"] == {"created": 3, "changed": 0, "unchanged": 0, "refused": 0}
    visits = [
        {
            "external_id": f"T-{number}",
            "customer_external_id": f"K-{number}",
            "kind": "service",
            "happened_at": "2026-05-11T15:00:00Z",
            "amount": {"amount": "48.00", "currency": "GBP"},
            "location_id": place["id"],
        }
        for number in (1, 2, 3)
    ]
    told = do(world, "transactions/bulk/", {"transactions": visits})
    assert told["counts"]["created"] == 3
    eve = rows(world, "customers/?external_id=K-3")[0]["id"]
    stop = {"customer_id": eve, "channel": "email", "action": "withdrawn", "source": "phone"}
    standing = do(world, "consents/", stop, status=201)["results"][0]
    assert (standing["is_suppressed"], standing["suppressed_why"]) == (True, "opted_out")
    assert get(world, f"customers/{eve}/consents/")["results"] == [standing]
    return place


def launch_campaign(world: World, place: Answer) -> None:
    """Write a campaign, look at what it would do, launch it twice, follow its messages."""
    step = {"channel": "email", "subject": "How did it go?", "text": MAIL}
    draft = {"name": "After the visit", "steps": [step], "audience": {"locations": [place["id"]]}}
    made = do(world, "campaigns/", draft, status=201)
    at = f"campaigns/{made['id']}/"
    assert (made["status"], made["steps"][0]["text"]) == ("draft", MAIL)
    preview = get(world, f"{at}preview/")
    assert (preview["eligible"], preview["left_out"]) == (2, {"opted_out": 1})
    assert preview["is_blocked"] is False
    launched = do(world, f"{at}launch/")
    assert do(world, f"{at}launch/")["launched_at"] == launched["launched_at"]
    world.settle(lambda: get(world, f"{at}stats/")["sent"] == 2)
    stats = get(world, f"{at}stats/")
    assert (stats["asked"], stats["eligible"], stats["left_out"]) == (2, 2, 1)


def hear(world: World, nora: Answer) -> None:
    """Read the message as it went out; Nora follows its link and says what happened."""
    (sent,) = rows(world, f"messages/?customer_id={nora['id']}")
    message = get(world, f"messages/{sent['id']}/")
    assert message["state"] in {"sent", "delivered"}
    assert "⟦link⟧" in message["text"]
    assert "/r/" not in message["text"]
    happened = [one["type"] for one in message["history"]]
    assert happened[:2] == ["message.queued", "message.sent"]
    page = world.find_link("nora@example.com", "r")
    assert "Nora" in world.visit(page)
    words = "The rear brake failed on the hill two days after your service. I was scared."
    world.visit(page, {"rating": "1", "text": words})
    world.settle(lambda: bool(rows(world, f"reviews/?customer_id={nora['id']}")))
    (answer,) = rows(world, f"responses/?customer_id={nora['id']}")
    assert (answer["rating"], answer["text"]) == (1, words)
    assert get(world, f"responses/{answer['id']}/") == answer


def answer_review(world: World, nora: Answer, team: dict[str, str]) -> Answer:
    """Give the review to Bob, who answers it in private."""
    (review,) = rows(world, f"reviews/?customer_id={nora['id']}")
    assert (review["stars"], review["kind"], review["status"]) == (1, "response", "new")
    at = f"reviews/{review['id']}/"
    assert do(world, f"{at}assign/", {"member_id": team["Bob"]})["assignee_id"] == team["Bob"]
    note = do(world, f"{at}notes/", {"text": "Ask the workshop for the job sheet."}, status=201)
    assert get(world, f"{at}notes/")["results"] == [note]
    reply = do(
        world,
        f"{at}replies/",
        {
            "member_id": team["Bob"],
            "kind": "private",
            "subject": "Your brake",
            "text": "Hello Nora, please do not ride it. I look into it today. Bob",
            "contact_id": nora["contacts"][0]["id"],
        },
        status=201,
    )
    world.settle(lambda: _state(world, at, reply) not in {"queued", "sending"})
    assert _state(world, at, reply) in {"live", "pending"}
    return review


def _state(world: World, at: str, reply: Answer) -> str:
    found = {one["id"]: one["state"] for one in rows(world, f"{at}replies/")}
    return str(found[reply["id"]])


def put_right(world: World, review: Answer, nora: Answer, team: dict[str, str]) -> Answer:
    """Find the failure and its case; collect, apologise, respond, ask Nora."""
    world.settle(lambda: bool(rows(world, f"cases/?customer_id={nora['id']}")))
    (failure,) = rows(world, f"failures/?review_id={review['id']}")
    (case,) = rows(world, f"cases/?failure_id={failure['id']}")
    at = f"cases/{case['id']}/"
    assert (case["status"], case["stage"]) == ("open", "collect")
    status, refused = world.ask("POST", f"{at}settle/", {})
    assert (status, refused["code"]) == (422, "case_not_done")
    told = do(world, f"{at}collect/", {"what_happened": "Wrong pads.", "cause": "Stock mixed up"})
    assert told["stage"] == "apologise"
    checked = do(world, "text-checks/", {"kind": "apology", "text": SORRY})
    assert checked["is_blocked"] is False
    sorry = {"how": "email", "text": SORRY, "member_id": team["Bob"]}
    apology = do(world, f"{at}apologies/", sorry, status=201)
    world.settle(lambda: _message_state(world, apology) in {"sent", "delivered"})
    assert get(world, at)["stage"] == "respond"
    due = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    promise = do(
        world,
        "promises/",
        {"case_id": case["id"], "text": "New pads", "due_at": due, "member_id": team["Bob"]},
        status=201,
    )
    kept = do(world, f"promises/{promise['id']}/settle/", {"state": "kept"})
    assert (promise["state"], kept["state"]) == ("open", "kept")
    for item in get(world, f"{at}plan/")["results"]:
        status, done = world.ask("PATCH", f"{at}plan/{item['id']}/", {"is_done": True})
        assert (status, done["done_at"] is not None) == (200, True)
    asked = do(world, f"{at}ask/", {"how": "email", "member_id": team["Bob"]})
    assert asked["status"] == "waiting"
    stages = {one["stage"]: one["state"] for one in rows(world, f"{at}stages/")}
    assert (stages["collect"], stages["apologise"]) == ("done", "done")
    return case


def _message_state(world: World, made: Answer) -> str:
    return str(get(world, f"messages/{made['message_id']}/")["state"])


def win_back(world: World, case: Answer, nora: Answer, team: dict[str, str], place: Answer) -> None:
    """Offer something, have it allowed and sent; Nora brings the code, and the case closes."""
    offer = do(
        world,
        "offers/",
        {
            "failure_id": case["failure_id"],
            "remedy": "redo",
            "title": "A free service",
            "terms": "One service at Mill Lane, not for cash.",
            "value": {"amount": "48.00", "currency": "GBP"},
            "days": 60,
        },
        status=201,
    )
    at = f"offers/{offer['id']}/"
    assert offer["state"] == "waiting_approval"
    assert world.ask("GET", f"{at}code/")[0] == 409
    assert do(world, f"{at}approve/", {"member_id": team["Mona"]})["state"] == "issued"
    do(world, f"{at}send/", {"channel": "email"})
    about = f"messages/?customer_id={nora['id']}"
    world.settle(
        lambda: any(
            one["purpose"] == "winback_offer" and one["state"] in {"sent", "delivered"}
            for one in rows(world, about)
        )
    )
    code = get(world, f"{at}code/")["code"]
    assert code in world.visit(world.find_link("nora@example.com", "o"))
    used = {"code": code, "location_id": place["id"], "reference": "R-77"}
    redemption = do(world, "redemptions/", used, status=201)
    assert redemption["offer"]["state"] == "redeemed"
    status, again = world.ask("POST", "redemptions/", used)
    assert (status, again["code"]) == (409, "offer_used")
    world.settle(lambda: get(world, f"cases/{case['id']}/")["returned_at"] is not None)
    if get(world, f"cases/{case['id']}/")["status"] != "closed":
        do(world, f"cases/{case['id']}/close/", {"outcome": "returned"})
    closed = get(world, f"cases/{case['id']}/")
    assert (closed["status"], closed["outcome"], closed["missing"]) == ("closed", "returned", [])
    assert get(world, f"failures/{case['failure_id']}/")["status"] == "closed"


def read_figures(world: World) -> None:
    """Read what the home page shows, each number with its n."""
    figures = {one["key"]: one for one in rows(world, "kpis/")}
    assert set(figures) == {"rating", "wrote", "in_time", "came_back"}
    assert (figures["wrote"]["n"], figures["wrote"]["needed"]) == (2, 5)
    assert (figures["came_back"]["n"], figures["came_back"]["value"]) == (1, None)
    (nora,) = rows(world, "customers/?external_id=K-1")
    groups = {one["group"] for one in rows(world, f"customers/{nora['id']}/timeline/")}
    assert groups >= {"visits", "messages", "reviews", "cases", "consent"}
