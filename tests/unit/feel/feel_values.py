"""What may come out of an evaluation."""

from engine.feel import kind_of


def is_feel(value: object) -> bool:
    if isinstance(value, dict):
        return all(type(k) is str and is_feel(v) for k, v in value.items())
    if isinstance(value, list):
        return all(map(is_feel, value))
    return kind_of(value) != "unknown" and type(value) not in (int, float)
