"""Parts of small processes in several versions, for cases that move between them."""

from tests.features.stage import chain, diagram, ext

START = '<startEvent id="s"/>'
TASK = '<userTask id="a"/>'


def timer(kind: str, text: str) -> str:
    return f"<timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition>"


def boundary(name: str, definition: str, host: str = "a", *, interrupting: bool = True) -> str:
    return f'<boundaryEvent id="{name}" attachedToRef="{host}" cancelActivity="{str(interrupting).lower()}">{definition}</boundaryEvent>'


def message(name: str = "paid", key: str = "=order") -> str:
    return f'<message id="m" name="{name}">{ext(f"""<zeebe:subscription correlationKey="{key}"/>""")}</message>'


def event_sub_process(start: str, task: str = "x", *, interrupting: bool = False) -> str:
    flag = str(interrupting).lower()
    return (
        f'<subProcess id="es" triggeredByEvent="true"><startEvent id="es_s" isInterrupting="{flag}">{start}</startEvent>'
        f'<userTask id="{task}"/>{chain("es_s", task)}</subProcess>'
    )


PLAIN = diagram(START + TASK + chain("s", "a"))
