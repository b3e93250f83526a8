"""The faults found so far."""


class Faults:
    """Collects faults: where, and what is wrong there."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, where: object, what: str) -> None:
        """Notes one fault; it becomes one line of the output whatever the names in it hold."""
        line = f"{where}: {what}".encode("utf-8", "backslashreplace").decode("utf-8")
        self.lines.append(
            "".join(char if char.isprintable() else repr(char)[1:-1] for char in line)
        )

    def check(self, condition: bool, where: object, what: str) -> bool:
        """Notes the fault unless `condition` holds, and returns `condition`."""
        if not condition:
            self.add(where, what)
        return condition
