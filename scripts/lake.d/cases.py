"""Events that engines stumble over, a list of batches each: a batch is what one sync finds new."""

import json

DAY = "2026-11-%02dT%02d:%02d:00.000000Z"


def event(number: int, data: str | None = None, extra: str = "", day: int = 20, **fields: object) -> str:
    """The text of an event. `data` and `extra` are JSON as they are; a field of None is left out."""
    values: dict[str, object] = {
        "id": f"00000000-0000-4000-8000-{number:012d}",
        "object": "audit_log",
        "organization_id": "org_1",
        "organization_name": "Acme Corp",
        "user_email": "pat@example.com",
        "created_at": DAY % (day, number % 24, number % 60),
        "event_type": "update",
        "version": 1,
    }
    values.update(fields)
    text = ",".join(f"{json.dumps(key)}:{json.dumps(value)}" for key, value in values.items() if value is not None)
    if data is not None:
        text += f',"data":{data}'
    return "{" + text + extra + "}"


def batches(*data: str | None) -> list[list[str]]:
    """A batch for each text of `data`, ten events and a day each."""
    return [[event(10 * index + n, text, day=20 + index) for n in range(10)] for index, text in enumerate(data)]


def small_syncs() -> list[list[str]]:
    """Forty small syncs, each with an event of its own hour and one that is late by most of a day."""
    return [
        [event(2 * n, f'{{"n":{n}}}', day=20 + n // 20), event(2 * n + 1, f'{{"n":"{n}"}}', day=20 + (n - n % 20) // 25)]
        for n in range(40)
    ]


MANY_KEYS = "{" + ",".join(f'"k{n}":{n}' for n in range(30_000)) + "}"

CASES: dict[str, list[list[str]]] = {
    "plain": batches('{"quota_1":[null,42]}', '{"quota_1":[42,43]}'),
    "object or string by file": batches('{"a":1}', '"text"', '{"a":1}'),
    "absent in the first files": batches(None, None, '{"a":1}'),
    "empty everywhere": batches("{}", "{}"),
    "null": batches("null", '{"a":1}', "null"),
    "over 2^63": batches('{"n":1}', '{"n":9223372036854775808}', '{"n":123456789012345678901234567890}'),
    "1e400": batches('{"n":1e400}', '{"n":-1e400}'),
    "long decimals": batches('{"n":0.1234567890123456789012345678901234567890}', '{"n":-0.0}'),
    "number, then text": batches('{"n":1}', '{"n":1.5}', '{"n":"1"}', '{"n":true}', '{"n":[1]}'),
    "array or object": batches("[1,2]", '{"a":[1]}', "[]"),
    "a bare number": batches("1", "-2.5", "true"),
    "nested type changes": batches('{"a":{"b":1}}', '{"a":{"b":{"c":1}}}', '{"a":[{"b":"x"}]}'),
    "case": batches('{"Rate":1,"rate":2}', '{"RATE":3}'),
    "case of a field": [[event(n, "{}", ',"ID":"x","Created_At":"y"') for n in range(10)]],
    "a key twice": batches('{"a":1,"a":2}', '{"a":{"b":1,"b":2}}'),
    "an unknown field twice": [[event(n, "{}", ',"new":1,"new":"2"') for n in range(10)]],
    "unknown fields of any type": [
        [event(n + 10 * i, "{}", f',"new":{value}', day=20 + i) for n in range(10)]
        for i, value in enumerate(['"x"', "1", '{"a":1}', "[1]", "null"])
    ],
    "30,000 keys": [[event(1, MANY_KEYS), event(2, MANY_KEYS)]],
    "lone surrogate": [[event(n, '{"s":"\\ud800"}') for n in range(10)]],
    "other planes and controls": batches('{"s":"\\u0000\\u001f\\u2028\U0001f600"}', '{"\U0001f600":"\\ud83d\\ude00"}'),
    "200 deep": [[event(1, "[" * 200 + "]" * 200), event(2, '{"a":' * 200 + "1" + "}" * 200)]],
    "20 MB line": [[event(1, '{"s":"' + "x" * 20_000_000 + '"}'), event(2, "{}")]],
    "quotes, commas, tabs": batches('{"s":"a\\"b,c\\td\\\\e\'f;g|h"}', '{"s":"\\r\\n"}'),
    "white space in strings": batches('{"s":"  a  "}', '{"s":""}'),
    "names of the table's own": batches('{"date":"2001-01-01","event_time":1}', '{"id":7,"path":"x"}'),
    "version as text": [[event(n, "{}", version=v) for n, v in enumerate([1, "2", 3.5, None])]],
    "fields left out": [[event(n, None, user_email=None, event_type=None, object=None) for n in range(10)]],
    "parents of any shape": [
        [event(n, "{}", f',"parent_objects":{value}') for n, value in enumerate(["[]", "null", '[{"a":[]}]', '"x"', "{}"])]
    ],
    "times of any form": [
        [
            event(n, "{}", created_at=value)
            for n, value in enumerate(
                ["2026-11-20T01:02:03Z", "2026-11-20T01:02:03.123456789Z", "2026-11-20T01:02:03.5+00:00", "2026-11-21T00:30:00+02:00"]
            )
        ]
    ],
    "40 small syncs, half of them late": small_syncs(),
}
