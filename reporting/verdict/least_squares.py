"""Linear least squares with a few unknowns."""

import math
from collections.abc import Sequence

Row = Sequence[float]
TINY = 1e-12


def solved(rows: Sequence[Row], wanted: Sequence[float]) -> list[float] | None:
    """The x for which `rows` times x is nearest to what is `wanted`; None when the rows do not tell."""
    inverse = inverse_of(rows)
    if inverse is None:
        return None
    count = len(rows[0])
    right = [sum(row[place] * value for row, value in zip(rows, wanted, strict=True)) for place in range(count)]
    return [sum(inverse[i][j] * right[j] for j in range(count)) for i in range(count)]


def inverse_of(rows: Sequence[Row]) -> list[list[float]] | None:
    """Of the rows' normal matrix: how far each unknown may be off, but for the noise. None when they do not tell."""
    count = len(rows[0])
    scales = [math.sqrt(sum(row[place] ** 2 for row in rows)) for place in range(count)]
    if not all(scales):
        return None
    matrix = [
        [sum(row[i] * row[j] for row in rows) / (scales[i] * scales[j]) for j in range(count)] for i in range(count)
    ]
    inverse = _inverted(matrix)
    if inverse is None:
        return None
    return [[inverse[i][j] / (scales[i] * scales[j]) for j in range(count)] for i in range(count)]


def _inverted(matrix: list[list[float]]) -> list[list[float]] | None:
    """By Gauss-Jordan, with the largest pivot of each column."""
    count = len(matrix)
    table = [[*row, *(float(i == j) for j in range(count))] for i, row in enumerate(matrix)]
    for place in range(count):
        best = max(range(place, count), key=lambda row: abs(table[row][place]))
        if abs(table[best][place]) < TINY:
            return None
        table[place], table[best] = table[best], table[place]
        table[place] = [value / table[place][place] for value in table[place]]
        for other in range(count):
            if other != place:
                factor = table[other][place]
                table[other] = [a - factor * b for a, b in zip(table[other], table[place], strict=True)]
    return [row[count:] for row in table]
