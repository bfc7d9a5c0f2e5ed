"""What schemathesis is told about the data: which objects there are. Loaded by `st` itself.

A made-up id names nothing, so most requests would end at 404. Half of the well-formed ones get ids
that the product has just told us instead, in the address, the query and the body.
"""

import json
import os
import random
import urllib.request
from typing import Any

import schemathesis

CHANCE = random.Random(int(os.environ.get("CONTRACT_SEED", "1")))
# Which list names the objects that a field is about.
LISTS = {
    "campaign_id": "campaigns",
    "case_id": "cases",
    "customer_id": "customers",
    "failure_id": "failures",
    "location_id": "locations",
    "message_id": "messages",
    "offer_id": "offers",
    "promise_id": "promises",
    "response_id": "responses",
    "review_id": "reviews",
    "template_id": "response-templates",
    "transaction_id": "transactions",
    "member_id": "staff",
}
_known: dict[str, list[str]] = {}


def _ids(name: str) -> list[str]:
    if name not in _known:
        if name == "item_id":
            rows = [row for case in _ids("case_id")[:1] for row in _ask(f"cases/{case}/plan/")]
        else:
            rows = _ask(f"{LISTS[name]}/?limit=200")
        _known[name] = [row["id"] for row in rows]
    return _known[name]


def _ask(path: str) -> list[dict[str, Any]]:
    request = urllib.request.Request(  # noqa: S310 - the product on this machine
        f"{os.environ['CONTRACT_URL']}/api/v1/{path}",
        headers={
            "Host": os.environ["CONTRACT_HOST"],
            "Authorization": f"Bearer {os.environ['CONTRACT_KEY']}",
        },
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - as above
        found: list[dict[str, Any]] = json.load(answer)["results"]
    return found


def _fill(values: Any) -> None:
    if not isinstance(values, dict):
        return
    for name in values:
        if isinstance(values[name], str) and (name in LISTS or name == "item_id"):
            known = _ids(name)
            if known:
                values[name] = CHANCE.choice(known)


@schemathesis.hook
def before_call(context: Any, case: Any, **kwargs: Any) -> None:
    """Put ids that there are into a well-formed request, and no cursor that nobody gave out."""
    meta = getattr(case, "meta", None)
    if meta is None or str(meta.generation.mode.value) != "positive":
        return
    if isinstance(case.query, dict):
        case.query.pop("cursor", None)
    if CHANCE.random() < 0.5 or _is_linked(case):
        return
    for values in (case.path_parameters, case.query, case.body):
        _fill(values)


def _is_linked(case: Any) -> bool:
    """Tell whether a request continues an earlier answer: that is left as it is."""
    return str(case.meta.phase.name.value) == "stateful"
