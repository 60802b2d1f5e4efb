"""Draw the funnel as SVG with Altair and Vega, offline. Drawn twice, for a light and for a dark page."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from quality_dashboard.funnel_statistics import INNER, OUTER, FunnelStatistics, band, spread_band
from quality_dashboard.funnel_view import Funnel, FunnelPoint

WIDTH, HEIGHT = 880, 440
CHANCE_INNER, CHANCE_OUTER = "95 % limits of chance", "99.8 % limits of chance"
_FONT = "system-ui, -apple-system, 'Segoe UI', sans-serif"
_CURVE_POINTS = 80
_NAMED_BELOW = "datum.ratio <= 1 && datum.ratio > 0.15"
PALETTES = {
    "light": {"ink": "#1c2630", "quiet": "#566371", "line": "#e1e6eb", "point": "#276a8c", "alarm": "#b3261e"},
    "dark": {"ink": "#e4e9ef", "quiet": "#a3afbc", "line": "#303b47", "point": "#7cc0de", "alarm": "#ff9389"},
}
Palette = dict[str, str]


@dataclass(frozen=True)
class DrawnFunnel:
    """A funnel and its pictures by theme. `digest` names the pictures: another picture has another address."""

    funnel: Funnel
    pictures: dict[str, str]
    digest: str


@dataclass(frozen=True)
class Frame:
    """How far the axes go: `reach` in expected events, `top` in the ratio. Limits beyond it are cut off."""

    reach: float
    top: float

    @classmethod
    def around(cls, funnel: Funnel) -> "Frame":
        top = max(2.0, 1.15 * max(point.ratio for point in funnel.points))
        return cls(1.1 * max(point.expected for point in funnel.points), top)


def drawn(funnel: Funnel, statistics: FunnelStatistics) -> DrawnFunnel:
    """The funnel with its pictures; it has none when no clinic can be compared."""
    pictures = {theme: draw(funnel, statistics, PALETTES[theme]) for theme in PALETTES} if funnel.points else {}
    return DrawnFunnel(funnel, pictures, hashlib.sha256("".join(pictures.values()).encode()).hexdigest()[:16])


def draw(funnel: Funnel, statistics: FunnelStatistics, palette: Palette) -> str:
    """The chart as an SVG document. The funnel has at least one point."""
    # Altair and Vega take 130 MB and a second: a dashboard without a release does without them.
    import vl_convert

    return vl_convert.vegalite_to_svg(chart(funnel, statistics, palette), allowed_base_urls=[])


def chart(funnel: Funnel, statistics: FunnelStatistics, palette: Palette) -> dict[str, Any]:
    """The Vega-Lite document of the funnel."""
    import altair as alt

    frame = Frame.around(funnel)
    x = alt.X("expected:Q", title="Events expected at the network's rates", scale=alt.Scale(domain=[0, frame.reach]))
    y = alt.Y("ratio:Q", title="Observed / expected", scale=alt.Scale(domain=[0, frame.top]))
    layers = alt.layer(
        _spread_area(alt, funnel, statistics, frame, palette).encode(x=x, y=y),
        _limit_lines(alt, statistics, frame, palette).encode(x=x, y=y),
        alt.Chart(alt.Data(values=[{"ratio": 1}])).mark_rule(color=palette["quiet"]).encode(y=y),
        *(layer.encode(x=x, y=y) for layer in _clinic_marks(alt, funnel, palette)),
    )
    fit = alt.AutoSizeParams(type="fit", contains="padding")
    sized = layers.properties(width=WIDTH, height=HEIGHT, autosize=fit, description=funnel.summary)
    return _styled(sized, palette).to_dict()


def _expected_values(frame: Frame) -> Iterator[float]:
    """Where the curves are drawn: closer together on the left, where they bend."""
    return (frame.reach * (step / _CURVE_POINTS) ** 2 for step in range(1, _CURVE_POINTS + 1))


def _spread_area(alt: Any, funnel: Funnel, statistics: FunnelStatistics, frame: Frame, palette: Palette) -> Any:
    bands = ((x, spread_band(x, funnel.tau_squared, statistics)) for x in _expected_values(frame))
    values = [{"expected": x, "ratio": limits.low, "high": min(limits.high, frame.top)} for x, limits in bands]
    area = alt.Chart(alt.Data(values=values)).mark_area(color=palette["point"], opacity=0.1, clip=True)
    return area.encode(y2="high:Q")


def _limit_lines(alt: Any, statistics: FunnelStatistics, frame: Frame, palette: Palette) -> Any:
    values = [
        {"expected": expected, "ratio": limit, "limit": name, "side": side}
        for expected in _expected_values(frame)
        for name, coverage in ((CHANCE_INNER, INNER), (CHANCE_OUTER, OUTER))
        for side, limit in band(expected, statistics, coverage)._asdict().items()
        if limit <= frame.top
    ]
    dashes = alt.Scale(domain=[CHANCE_INNER, CHANCE_OUTER], range=[[4, 4], [1, 0]])
    lines = alt.Chart(alt.Data(values=values)).mark_line(color=palette["quiet"], strokeWidth=1.3, clip=True)
    return lines.encode(strokeDash=alt.StrokeDash("limit:N", title=None, scale=dashes), detail="side:N")


def _clinic_marks(alt: Any, funnel: Funnel, palette: Palette) -> tuple[Any, ...]:
    clinics = alt.Chart(alt.Data(values=[_mark(point) for point in funnel.points]))
    colour = alt.condition("datum.alarm", alt.value(palette["alarm"]), alt.value(palette["point"]))
    shape = alt.condition("datum.alarm", alt.value("diamond"), alt.value("circle"))
    dots = clinics.mark_point(filled=True, size=90, opacity=1).encode(color=colour, shape=shape)
    # A name stands away from the limits that its point crosses, and clear of the axis.
    above, below = (
        clinics.transform_filter(side)
        .mark_text(align="left", dx=9, dy=dy, fontSize=12)
        .encode(text="label:N", color=colour)
        for side, dy in ((f"!({_NAMED_BELOW})", -7), (_NAMED_BELOW, 11))
    )
    return dots, above, below


def _mark(point: FunnelPoint) -> dict[str, Any]:
    label = "" if point.outer.holds(point.ratio) else point.clinic_id
    return {"expected": point.expected, "ratio": point.ratio, "alarm": point.stands_out, "label": label}


def _styled(layers: Any, palette: Palette) -> Any:
    ink, quiet, line = palette["ink"], palette["quiet"], palette["line"]
    axis = {"labelColor": quiet, "titleColor": ink, "gridColor": line, "domainColor": quiet, "tickColor": quiet}
    text = {"labelFontSize": 12, "titleFontSize": 13, "titleFontWeight": "normal"}
    return (
        layers.configure(background="transparent", font=_FONT)
        .configure_view(stroke=None)
        .configure_axis(**axis, **text, titlePadding=10)
        .configure_legend(
            labelColor=ink, orient="top", labelFontSize=12, labelLimit=260, columnPadding=28, symbolSize=500
        )
    )
