"""One column of a table in little memory: a byte for each cell where few values differ, packed text where many do.

A survey of a million people has a few answers in nearly every column, so that a column takes a megabyte.
"""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from itertools import compress, islice
from typing import Any

# The rows that are taken together. In so few, a cell that was just read is still in the cache of the processor.
CHUNK = 200
# More different values do not fit into one byte.
_MOST_VALUES = 256
_BETWEEN_CELLS = "\0"
# So many texts take a few megabytes.
_ROWS_OF_PART = 20_000


class Column(Sequence[Any]):
    """The cells of one column, in the order of the rows. Cells are texts; a mapped column may hold other values."""

    @staticmethod
    def of(cells: Iterable[Any]) -> Column:
        """Return a column with these cells. Cells that are no texts may have at most 256 different values."""
        waiting, builder = iter(cells), ColumnBuilder()
        while chunk := tuple(islice(waiting, CHUNK)):
            builder.add(chunk)
        return builder.column()

    @abstractmethod
    def counts(self) -> Counter[Any]:
        """Return how often each value occurs, in the order in which they occur first."""

    @abstractmethod
    def map(self, function: Callable[[Any], Any]) -> Column:
        """Return the column of what a function makes of each cell."""

    @abstractmethod
    def take(self, is_taken: Sequence[int]) -> Column:
        """Return the column without the rows that have a 0 in `is_taken`."""

    @abstractmethod
    def texts(self) -> Iterator[str]:
        """Yield texts in which every different cell occurs, with NUL between two cells."""

    def parts(self) -> Iterator[Counter[Any]]:
        """Yield how often values occur in some rows at a time, so that few texts are in memory."""
        yield self.counts()

    def distinct(self) -> set[Any]:
        """Return the different values."""
        return set(self.counts())

    def first_places(self, among: Container[Any] | None = None) -> dict[Any, int]:
        """Return the first row of each value, or of each value among some, in the order of the rows."""
        first: dict[Any, int] = {}
        for place, cell in enumerate(self):
            if cell not in first and (among is None or cell in among):
                first[cell] = place
        return first

    def first(self, is_wanted: Callable[[Any], bool]) -> int:
        """Return the first row in which a cell is wanted. Raises StopIteration if none is."""
        return next(place for place, cell in enumerate(self) if is_wanted(cell))

    def from_row(self, place: int) -> Column:
        """Return the column without its first rows."""
        return self.take(bytes(place) + b"\1" * (len(self) - place)) if place else self

    def repeated(self) -> set[Any]:
        """Return the values of several rows. Numbers are compared first, because texts would need much memory."""
        seen: set[int] = set()
        again: set[int] = set()
        for number in map(hash, self):
            (again if number in seen else seen).add(number)
        counts = Counter(cell for cell in self if hash(cell) in again) if again else Counter[Any]()
        return {cell for cell, n_rows in counts.items() if n_rows > 1}


class CodedColumn(Column):
    """A column of few different values: each cell is the number of its value."""

    def __init__(self, values: list[Any], codes: bytes | bytearray) -> None:
        self._values, self._codes = values, codes

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self._codes)

    def __iter__(self) -> Iterator[Any]:
        """Yield each cell."""
        return map(self._values.__getitem__, self._codes)

    def __getitem__(self, place: Any) -> Any:
        """Return the cell of a row."""
        return self._values[self._codes[place]]

    def counts(self) -> Counter[Any]:
        """Return how often each value occurs."""
        counts: Counter[Any] = Counter(dict.fromkeys(self.first_places(), 0))
        for code, value in enumerate(self._values):
            n_cells = self._codes.count(code)
            if n_cells:
                counts[value] += n_cells
        return counts

    def first_places(self, among: Container[Any] | None = None) -> dict[Any, int]:
        """Return the first row of each value, or of each value among some."""
        places = sorted((self._codes.find(code), code) for code in range(len(self._values)))
        first: dict[Any, int] = {}
        for place, code in places:
            value = self._values[code]
            if place >= 0 and (among is None or value in among):
                first.setdefault(value, place)
        return first

    def first(self, is_wanted: Callable[[Any], bool]) -> int:
        """Return the first row in which a cell is wanted."""
        return next(place for value, place in self.first_places().items() if is_wanted(value))

    def map(self, function: Callable[[Any], Any]) -> Column:
        """Return the column of what a function makes of each value, called once for each."""
        return CodedColumn(list(map(function, self._values)), self._codes)

    def take(self, is_taken: Sequence[int]) -> Column:
        """Return the column without some rows."""
        return CodedColumn(self._values, bytes(compress(self._codes, is_taken)))

    def texts(self) -> Iterator[str]:
        """Yield one text with all values."""
        yield _BETWEEN_CELLS.join(self.first_places())

    def repeated(self) -> set[Any]:
        """Return the values of several rows."""
        return {value for value, n_rows in self.counts().items() if n_rows > 1}


class PackedColumn(Column):
    """A column of many different texts, such as ids: the text of each 200 rows in one piece."""

    def __init__(self, pieces: list[bytes], n_rows: int) -> None:
        self._pieces, self._n_rows = pieces, n_rows

    def __len__(self) -> int:
        """Return the number of rows."""
        return self._n_rows

    def __iter__(self) -> Iterator[str]:
        """Yield each cell."""
        for text in self.texts():
            yield from text.split(_BETWEEN_CELLS)

    def __getitem__(self, place: Any) -> Any:
        """Return the cell of a row."""
        return self._pieces[place // CHUNK].decode(errors="surrogatepass").split(_BETWEEN_CELLS)[place % CHUNK]

    def counts(self) -> Counter[Any]:
        """Return how often each text occurs. This takes as much memory as the texts."""
        return Counter(self)

    def parts(self) -> Iterator[Counter[Any]]:
        """Yield how often values occur in some rows at a time."""
        waiting = iter(self)
        while part := Counter(islice(waiting, _ROWS_OF_PART)):
            yield part

    def map(self, function: Callable[[Any], Any]) -> Column:
        """Return the column of what a function makes of each cell."""
        return Column.of(map(function, self))

    def take(self, is_taken: Sequence[int]) -> Column:
        """Return the column without some rows."""
        return Column.of(compress(self, is_taken))

    def texts(self) -> Iterator[str]:
        """Yield the text of each piece."""
        return (piece.decode(errors="surrogatepass") for piece in self._pieces)


class _Codes(dict[Any, int]):
    """The number of each value, given when it is first met."""

    def __missing__(self, value: Any) -> int:
        number = len(self)
        if number == _MOST_VALUES:
            raise OverflowError
        self[value] = number
        return number


class ColumnBuilder:
    """Makes a column from chunks of 200 cells, of which only the last may be shorter."""

    def __init__(self) -> None:
        self._codes, self._numbers = _Codes(), bytearray()
        self._pieces: list[bytes] | None = None
        self._n_rows = 0

    def add(self, chunk: Sequence[Any]) -> None:
        """Add the cells of the next rows."""
        self._n_rows += len(chunk)
        if self._pieces is None:
            try:
                self._numbers += bytes(map(self._codes.__getitem__, chunk))
            except OverflowError:
                earlier = CodedColumn(list(self._codes), self._numbers)
                starts = range(0, len(earlier), CHUNK)
                self._pieces = [_packed(list(islice(earlier, start, start + CHUNK))) for start in starts]
                self._codes, self._numbers = _Codes(), bytearray()
            else:
                return
        self._pieces.append(_packed(chunk))

    def column(self) -> Column:
        """Return the column of all cells so far."""
        if self._pieces is None:
            return CodedColumn(list(self._codes), self._numbers)
        return PackedColumn(self._pieces, self._n_rows)


def _packed(chunk: Sequence[str]) -> bytes:
    text = _BETWEEN_CELLS.join(chunk)
    if text.count(_BETWEEN_CELLS) != len(chunk) - 1:
        # The check refuses a file with this character.
        text = _BETWEEN_CELLS.join(cell.replace(_BETWEEN_CELLS, "\N{REPLACEMENT CHARACTER}") for cell in chunk)
    return text.encode(errors="surrogatepass")
