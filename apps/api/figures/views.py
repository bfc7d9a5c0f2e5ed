"""Figures: what the home page shows."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.figures.serializers import FigureSerializer, FiguresSerializer
from apps.api.shared.schema import reading
from apps.api.shared.views import Door, read_query
from apps.core import clock
from apps.insights import queries

TITLES = {
    "rating": ("Rating of reviews on a scale of five", "stars", 30),
    "wrote": ("Asked who then wrote", "percent", 90),
    "in_time": ("First replies in time", "percent", 30),
    "came_back": ("Came back after a failure", "percent", 180),
}


def show(figure: Any) -> dict[str, Any]:
    """Return one figure with its title and unit."""
    title, unit, days = TITLES[figure.key]
    names = ("key", "n", "needed", "value", "low", "high", "before", "evidence")
    plain = {name: getattr(figure, name) for name in names}
    return {**plain, "title": title, "unit": unit, "days": days}


class Figures(Door):
    """The figures."""

    noun = "kpis"

    @reading(FiguresSerializer, of="kpis", words="Read the figures of the home page")
    def get(self, request: Request) -> Response:
        """Answer with rating, asked who then wrote, replies in time, came back; each as of now."""
        read_query(request)
        found = queries.get_today_figures(actor=self.actor, now=clock.now())
        rows = [show(figure) for figure in found]
        return Response({"results": FigureSerializer(rows, many=True).data})
