"""A JSON reader for texts of any depth, which Python's own, made of calls in calls, gives up on."""

import re

_SPACE = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_WORDS = {"true": True, "false": False, "null": None}


def decode(text: str, decode_string, decode_number) -> object:
    """The value of one JSON text.

    `decode_string` takes the text and where a string's content begins, and returns it and where the rest begins;
    `decode_number` takes a number's text. Raises ValueError if it is not one JSON text.
    """
    reader = _Reader(text, decode_string, decode_number)
    return reader.read()


class _Reader:
    """Keeps the open arrays and objects in a list in place of calls."""

    def __init__(self, text: str, decode_string, decode_number) -> None:
        self._text = text
        self._decode_string = decode_string
        self._decode_number = decode_number
        self._at = 0
        self._open: list[list | dict] = []
        self._keys: list[str] = []

    def read(self) -> object:
        """Reads the whole text."""
        while True:
            is_opened, value = self._begin()
            if is_opened:
                continue
            # A value ends; it may be the last of what it is in, and that in turn.
            while self._open:
                container = self._open[-1]
                self._put(container, value)
                if self._skip(","):
                    self._begin_member(container)
                    break
                self._need("}" if isinstance(container, dict) else "]")
                value = self._close()
            else:
                self._pass_space()
                if self._at != len(self._text):
                    raise ValueError(f"more follows at {self._at}")
                return value

    def _begin(self) -> tuple[bool, object]:
        """Reads a value that holds no others, or what opens one that does."""
        self._pass_space()
        for opening, closing, kind in (("{", "}", dict), ("[", "]", list)):
            if self._skip(opening):
                container = kind()
                if self._skip(closing):
                    return False, container
                self._open.append(container)
                self._begin_member(container)
                return True, None
        return False, self._scalar()

    def _begin_member(self, container: list | dict) -> None:
        if isinstance(container, dict):
            self._need('"')
            key, self._at = self._decode_string(self._text, self._at)
            self._need(":")
            self._keys.append(key)

    def _put(self, container: list | dict, value: object) -> None:
        if isinstance(container, dict):
            container[self._keys.pop()] = value
        else:
            container.append(value)

    def _close(self) -> list | dict:
        return self._open.pop()

    def _scalar(self) -> object:
        if self._skip('"'):
            value, self._at = self._decode_string(self._text, self._at)
            return value
        for word, value in _WORDS.items():
            if self._skip(word):
                return value
        match = _NUMBER.match(self._text, self._at)
        if match is None:
            raise ValueError(f"no value at {self._at}")
        self._at = match.end()
        return self._decode_number(match[0])

    def _pass_space(self) -> None:
        self._at = _SPACE.match(self._text, self._at).end()

    def _skip(self, what: str) -> bool:
        self._pass_space()
        if not self._text.startswith(what, self._at):
            return False
        self._at += len(what)
        return True

    def _need(self, what: str) -> None:
        if not self._skip(what):
            raise ValueError(f"{what} is missing at {self._at}")
