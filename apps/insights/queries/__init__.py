"""Reads across all rooms below: figures with their n and interval, and what waits for somebody."""

from apps.insights.queries.figures import Figure, count_after_opt_out, get_today_figures
from apps.insights.queries.navigation import count_navigation
from apps.insights.queries.search import search_cases, search_reviews
from apps.insights.queries.setup import STEPS, Setup, read_setup
from apps.insights.queries.waiting import Waiting, list_waiting

__all__ = [
    "STEPS",
    "Figure",
    "Setup",
    "Waiting",
    "count_after_opt_out",
    "count_navigation",
    "get_today_figures",
    "list_waiting",
    "read_setup",
    "search_cases",
    "search_reviews",
]
