"""
Draw the schematic areas of the map: in each province one cell a commune, around its point, inside the outline.

In : communes_core.csv of the sample (points) and tools/data/provinces_34_naturalearth.geojson (Natural Earth 1:10m,
     public domain). Out: src/tramyte/web/cells.csv, which is committed. Cells are no boundaries: points are spread
     until each cell has room for a number. Run it again only when one of the two changes: python tools/cells.py
"""

import csv
import json
import math
from itertools import pairwise
from pathlib import Path

import shapely
from shapely import MultiPoint, MultiPolygon, Point, Polygon
from shapely.affinity import scale, translate
from shapely.ops import nearest_points, voronoi_diagram

ROOT = Path(__file__).resolve().parent.parent
POINTS = ROOT / "src" / "tramyte" / "sample" / "data" / "communes_core.csv"
OUTLINES = ROOT / "tools" / "data" / "provinces_34_naturalearth.geojson"
OUT = ROOT / "src" / "tramyte" / "web" / "cells.csv"
SIZE = 1000  # of the longer side, in units of the drawing
APART = {"20333", "22736"}  # Hoàng Sa and Trường Sa: the page draws them on every map, beside the province
STEPS = 60  # of spreading the points
ISLAND = 16  # radius of the cell of a commune that stands in the sea
FAR = 60  # units of sea beyond which a commune is an island; its cell is drawn no farther out


def province(outline, points):
    """Return the outline in units of the drawing, and commune code -> (cell, place of its number)."""
    flat = math.cos(math.radians(outline.centroid.y))
    west, south, east, north = outline.bounds
    unit = SIZE / max((east - west) * flat, north - south)

    def place(shape):
        return scale(translate(shape, -west, -north), flat * unit, -unit, origin=(0, 0))

    land = place(outline).simplify(2.5).buffer(0)
    parts = [part for part in getattr(land, "geoms", [land]) if part.area > 4000]
    land = MultiPolygon(parts)
    spots = {code: place(Point(*spot)) for code, spot in points.items()}
    islands = {code: spot for code, spot in spots.items() if land.distance(spot) > FAR}
    rest = {code: nearest_points(land, spot)[0] for code, spot in spots.items() if code not in islands}
    cells = spread(land, rest)
    taken = []
    for code, spot in islands.items():
        cells[code] = island(land, spot, taken)
        taken.append(cells[code])
    return land, {code: (cell, label(cell)) for code, cell in cells.items()}


def spread(land, spots):
    """Return code -> cell: points move to the middle of their cells until the cells are about as large."""
    codes = list(spots)
    found = distinct([spots[code] for code in codes])
    cells = voronoi(land, found)
    for _ in range(STEPS - 1):
        cells = voronoi(land, distinct([middle(cell) for cell in cells]))
    return dict(zip(codes, cells, strict=True))


def voronoi(land, found):
    """Return the cell of each point, in their order: what of the land is nearer to it than to any other."""
    if len(found) == 1:
        return [land]
    pieces = list(voronoi_diagram(MultiPoint(found), envelope=land.buffer(SIZE).envelope).geoms)
    tree = shapely.STRtree(pieces)
    return [land.intersection(pieces[int(tree.query(point, predicate="within")[0])]) for point in found]


def distinct(found):
    """Return points of which no two are one: a hair apart, always the same way."""
    seen, moved = set(), []
    for number, point in enumerate(found):
        while (round(point.x, 3), round(point.y, 3)) in seen:
            point = Point(point.x + 0.7 + number * 0.01, point.y + 0.4)
        seen.add((round(point.x, 3), round(point.y, 3)))
        moved.append(point)
    return moved


def largest(cell):
    """Return the largest piece of a cell."""
    return max(getattr(cell, "geoms", [cell]), key=lambda one: one.area)


def middle(cell):
    """Return a point in the middle of a cell, and inside it."""
    whole = largest(cell)
    return whole.centroid if whole.contains(whole.centroid) else whole.representative_point()


def label(cell):
    """Return the point of a cell that has most room around it."""
    return Point(shapely.maximum_inscribed_circle(largest(cell), tolerance=1).coords[0])


def island(land, spot, taken):
    """Return the cell of a commune in the sea: where it lies, but not farther out than the drawing can show."""
    near = nearest_points(land, spot)[0]
    away = near.distance(spot)
    reach = min(away, FAR)
    while True:
        part = reach / away
        cell = Point(near.x + (spot.x - near.x) * part, near.y + (spot.y - near.y) * part).buffer(ISLAND, quad_segs=2)
        if all(cell.distance(other) > 2 for other in taken) and cell.distance(land) > 2:
            return cell
        reach += 6


def drawn(shape):
    """Return a shape as the path of a drawing, in whole units: M x y, then steps."""
    rings = [
        ring for part in getattr(shape, "geoms", [shape]) if isinstance(part, Polygon) for ring in (part.exterior,)
    ]
    found = []
    for ring in rings:
        corners = [(round(x), round(y)) for x, y in ring.coords[:-1]]
        corners = [one for number, one in enumerate(corners) if one != corners[number - 1]]
        if len(corners) < 3:
            continue
        steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(corners)]
        found.append(f"M{corners[0][0]} {corners[0][1]}l{' '.join(f'{x} {y}' for x, y in steps)}z")
    return "".join(found)


def main():
    """Write the file."""
    with POINTS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["code"] not in APART]
    outlines = {one["properties"]["code"]: shapely.geometry.shape(one["geometry"])
                for one in json.loads(OUTLINES.read_text("utf-8"))["features"]}  # fmt: skip
    with OUT.open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file, lineterminator="\n")
        write.writerow(["province", "commune", "x", "y", "path"])
        for code, outline in outlines.items():
            points = {
                row["code"]: (float(row["lon"]), float(row["lat"])) for row in rows if row["province_code"] == code
            }
            land, cells = province(outline, points)
            write.writerow([code, "", "", "", drawn(land)])
            for commune, (cell, spot) in sorted(cells.items()):
                write.writerow([code, commune, round(spot.x), round(spot.y), drawn(cell)])
            room = min(shapely.maximum_inscribed_circle(largest(cell)).length for cell, _ in cells.values())
            print(code, len(cells), "cells, least room", round(room, 1))


if __name__ == "__main__":
    main()
