"""Payloads that escaped from other engines' expressions reach nothing here: they are errors, or plain values."""

from typing import Any

import pytest

from engine.feel import FeelError, evaluate
from tests.unit.feel.feel_values import is_feel

PAYLOADS = [
    "__import__('os').system('id')",
    '__import__("os").system("id")',
    "().__class__.__bases__[0].__subclasses__()",
    '"".__class__.__mro__[1].__subclasses__()',
    "x.__class__",
    "x.__init__.__globals__",
    "f.__globals__",
    "f.__code__",
    "f.func_globals",
    "abs.__self__",
    "abs.call",
    "count.overloads",
    "now.__wrapped__",
    '"{0.__class__}".format(x)',
    'string("{x.__class__}")',
    '"%s" % x',
    "eval(\"1\")",
    'exec("1")',
    'open("/etc/passwd").read()',
    'compile("1", "", "eval")',
    "globals()",
    "locals()",
    "vars(x)",
    "dir(x)",
    'getattr(x, "__class__")',
    'setattr(x, "a", 1)',
    "lambda: 1",
    "[c for c in ().__class__.__base__.__subclasses__()]",
    "import os",
    "import(\"os\")",
    "os.system(\"id\")",
    "sys.modules",
    "builtins.eval",
    "__builtins__",
    '__builtins__["eval"]',
    "self",
    "scope",
    "run",
    "run.functions",
    "scope.run",
    "item.__dict__",
    "partial.__class__",
    "x[\"__class__\"]",
    "d.__class__",
    "d.keys",
    "d.items()",
    "d.get(\"a\")",
    "xs.append(1)",
    "xs.__class__",
    "xs.sort",
    "s.upper()",
    "s.format(1)",
    "n.as_tuple",
    "n.real",
    "when.tzinfo",
    "when.__reduce__()",
    "when.replace(year: 1)",
    "when.strftime(\"%s\")",
    "{{7*7}}",
    "${7*7}",
    "#{7*7}",
    "<%= 7*7 %>",
    "{% for c in [1] %}{{c}}{% endfor %}",
    "{{ ''.__class__.__mro__[2].__subclasses__() }}",
    "constructor.constructor(\"return process\")()",
    "this.constructor",
    "x.constructor",
    "process.mainModule.require(\"child_process\")",
    "require(\"fs\")",
    "$('x').item.json",
    "=cmd|' /C calc'!A0",
    "@import url(x)",
    "T(java.lang.Runtime).getRuntime().exec(\"id\")",
    "java.lang.Runtime.getRuntime()",
    "function() external {java: {class: \"java.lang.System\", method signature: \"exit(int)\"}}",
    "(function(a) external {java: {class: \"java.lang.Math\", method signature: \"abs(int)\"}})(1)",
    "function(a) external {pmml: {document: \"file:///etc/passwd\", model: \"m\"}}",
    "`__class__`",
    "x.`__class__`",
    "{__class__: 1}.__class__",
    "{\"__proto__\": 1}",
    "context put(d, \"__class__\", 1)",
    "get value(x, \"__class__\")",
    "get value(d, [\"__class__\"])",
    "get entries(x)",
    "context merge([d, x])",
    "is defined(x.__class__)",
    "list replace(xs, x, 1)",
    "sort(xs, x)",
    "sort(xs, abs)",
    "matches(s, \"(?{ code })\")",
    "matches(s, \"(?P<a>x)\")",
    "matches(s, \"(?#x)\")",
    "matches(s, \"(?R)\")",
    "replace(s, \"a\", \"\\\\g<0>\")",
    "replace(s, \"a\", \"\\\\1\")",
    "replace(s, \"(a)\", \"$9\")",
    "number(\"1_000\")",
    "number(\"٣\")",
    "number(\"inf\")",
    "number(\"nan\")",
    "string(number(\"1e999999\"))",
    "date(\"0000-00-00\")",
    "time(\"25:61:61\")",
    "date and time(\"2024-01-01T00:00:00@../../etc/passwd\")",
    "date and time(\"2024-01-01T00:00:00@/etc/passwd\")",
    "date and time(when, \"../../etc/passwd\")",
    "duration(\"P99999999999999999999D\")",
    "duration(\"PT1e9S\")",
    "@\"2024-01-01T00:00:00@Etc/../../passwd\"",
    "\"\\ud800\"",
    "\"\\U999999\"",
    "\u202e1",
    "1\u0000",
    "x\u0000y",
    "ｅｖａｌ(1)",
    "x;y",
    "x:=1",
    "x = y = z",
    "d[a := 1]",
    "f(x)(y)(z)",
    "[f][1](1)",
    "{a: f}.a(1)",
    "record.__globals__",
    "record.__wrapped__",
    "record(\"__class__\")",
    "record(f)",
    "record(xs, xs)",
]  # fmt: skip


ATTRIBUTES = [
    "__class__",
    "__dict__",
    "__globals__",
    "__code__",
    "__self__",
    "__init__",
    "__reduce__",
    "mro",
    "call",
    "run",
]
PAYLOADS += [
    f"{base}.{name}" for base in ("x", "d", "xs", "s", "n", "f", "now", "count", "record") for name in ATTRIBUTES
]


@pytest.mark.parametrize("text", PAYLOADS)
def test_known_payload_reaches_nothing(text: str) -> None:
    touched: list[Any] = []

    def record(key: str) -> object:
        touched.append(key)
        return {"key": str(key)}

    given = {"x": object(), "d": {"a": 1}, "xs": [1, 2], "s": "abc", "n": 1.5, "f": evaluate("function(a) a", {})}
    try:
        value = evaluate(text, given, functions={"record": record})
    except FeelError:
        return
    assert is_feel(value)
