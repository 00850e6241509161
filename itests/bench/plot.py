"""Draws the ratios of a benchmark: one group of bars for each scenario, a whisker for the range over the rounds."""

import statistics
from html import escape

WIDTH, LEFT, RIGHT = 860, 190, 120
BAR, GAP, GROUP = 15, 3, 16
COLOURS = ("#8a8f98", "#4c9f70", "#1f6feb", "#d9822b", "#a05ad6", "#c0392b")


def text(x, y, content, anchor="start", size=12, colour="#333"):
    return (f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" font-size="{size}" fill="{colour}">'
            f"{escape(content)}</text>")


def bar(y, row, scale, colour):
    ratio = statistics.median(row["cpu_ratio"])
    low, high = scale(min(row["cpu_ratio"])), scale(max(row["cpu_ratio"]))
    middle = y + BAR / 2
    return [
        f'<rect x="{LEFT}" y="{y}" width="{scale(ratio) - LEFT:.1f}" height="{BAR}" fill="{colour}"/>',
        f'<path d="M{low:.1f} {middle}H{high:.1f}" stroke="#222" stroke-width="1.2"/>',
        text(max(scale(ratio), high) + 6, y + BAR - 3, f"{row['proxy']} {ratio:.2f}", size=11),
    ]


def svg(rows):
    """An SVG picture of rows as bench.py's summarise makes them; empty when there is nothing to draw."""
    rows = [row for row in rows if row["cpu_ratio"]]
    if not rows:
        return ""
    scenarios = list(dict.fromkeys(row["scenario"] for row in rows))
    proxies = list(dict.fromkeys(row["proxy"] for row in rows))
    top = max(1.5, max(max(row["cpu_ratio"]) for row in rows))

    def scale(ratio):
        return LEFT + (WIDTH - LEFT - RIGHT) * ratio / top

    parts, y = [text(LEFT, 20, "CPU per request, as a ratio to haproxy (lower is better)", size=14)], 38
    for scenario in scenarios:
        mine = [row for row in rows if row["scenario"] == scenario]
        parts.append(text(LEFT - 10, y + len(mine) * (BAR + GAP) / 2 + 4, scenario, "end"))
        for row in mine:
            parts += bar(y, row, scale, COLOURS[proxies.index(row["proxy"]) % len(COLOURS)])
            y += BAR + GAP
        y += GROUP
    parts.append(f'<path d="M{scale(1):.1f} 30V{y - GROUP}" stroke="#c0392b" stroke-dasharray="4 3"/>')
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y}" font-family="sans-serif">'
    return "\n".join([head, f'<rect width="{WIDTH}" height="{y}" fill="white"/>', *parts, "</svg>"]) + "\n"
