import pytest

from engine.bpmn.juel import JuelError, translate, translate_expression
from engine.feel import evaluate


@pytest.mark.parametrize(
    ("text", "feel"),
    [
        ("${amount > 100}", "amount > 100"),
        ("#{a == 'x' && !b}", 'a = "x" and not(b)'),
        ("${a.b[0].c}", "a.b[1].c"),
        ("${a['k']}", 'get value(a, "k")'),
        ("${n eq 3 or n ge 5}", "n = 3 or n >= 5"),
        ("${empty list}", '((list = null or list = "" or list = [] or list = {}) = true)'),
        ("${ok ? 'a' : 'b'}", '(if ok then "a" else "b")'),
        ("${execution.getVariable('x') != null}", "x != null"),
        ("${items.size() > 2}", "count(items) > 2"),
        ("${nrOfCompletedInstances / nrOfInstances >= 0.6}", "numberOfCompletedInstances / numberOfInstances >= 0.6"),
        ("Hello ${name}!", '"Hello " + string(name) + "!"'),
        ("${a % 2 == 0}", "modulo(a, 2) = 0"),
        ("${dateTime().plusWeeks(1).toDate()}", 'now() + duration("P7D")'),
        ("${order.getCustomer().name}", "order.customer.name"),
    ],
)
def test_juel_is_said_in_feel(text, feel):
    assert translate(text) == feel
    evaluate(feel, {})


@pytest.mark.parametrize(
    ("text", "feel"),
    [
        ("x == 1 and not y", "x = 1 and not(y)"),
        ("x in ['a', 'b']", 'list contains(["a", "b"], x)'),
        ("x is not None", "x != null"),
        ("done == True", "done = true"),
        ("next(null, this.environment.variables.input <= 50);", "input <= 50"),
        ("a === 'x' || b !== 2", 'a = "x" or b != 2'),
    ],
)
def test_simple_python_and_javascript_are_said_in_feel(text, feel):
    assert translate_expression(text) == feel


def test_or_below_and_keeps_its_brackets():
    feel = translate("${(a || b) && c}")
    assert [evaluate(feel, {"a": True, "b": False, "c": c}) for c in (True, False)] == [True, False]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("${empty v}", {True: (None, "", [], {}), False: ("a", [0], {"k": 1}, 0, False)}),
        ("${not empty v}", {False: (None, "", [], {}), True: ("a", [0], {"k": 1}, 0)}),
        ("${v.isEmpty()}", {True: ("", []), False: ("a", [0])}),
        ("${vars:notEmpty(v)}", {False: (None, ""), True: ("a", 5)}),
        ("${v.contains('x')}", {True: ("axb", ["x"]), False: ("ab", ["axb"], [])}),
    ],
)
def test_what_java_says_of_texts_and_lists_holds_for_both(text, values):
    feel = translate(text)
    for expected, variables in values.items():
        assert [evaluate(feel, {"v": v}) for v in variables] == [expected] * len(variables)


@pytest.mark.parametrize(
    "text", ["${bean.doIt(x, y)}", "${a ++ b}", "${", "${a b}", "${fn:other(a)}", "${'open}", "${}", "${a.}"]
)
def test_what_has_no_meaning_in_feel_is_refused_with_its_place(text):
    with pytest.raises(JuelError):
        translate(text)


@pytest.mark.parametrize(
    "text", ["(" * 5000 + "a" + ")" * 5000, "!" * 5000 + "a", "a" + " ? b : c" * 5000, "x[" * 5000]
)
def test_deep_nesting_is_refused_not_crashed(text):
    with pytest.raises(JuelError):
        translate_expression(text)
