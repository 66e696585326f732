"""Layout for the diagrams that tests make."""


def with_layout(text: str) -> str:
    """Draw the three elements of a one-task process in a row."""
    shapes = "".join(
        f'<bpmndi:BPMNShape id="{name}_di" bpmnElement="{name}">'
        f'<dc:Bounds x="{x}" y="{y}" width="{width}" height="{height}"/></bpmndi:BPMNShape>'
        for name, x, y, width, height in (
            ("start", 100, 102, 36, 36), ("check", 200, 80, 100, 80), ("end", 370, 102, 36, 36),
        )
    )  # fmt: skip
    edges = "".join(
        f'<bpmndi:BPMNEdge id="{name}_di" bpmnElement="{name}">'
        f'<di:waypoint x="{left}" y="120"/><di:waypoint x="{right}" y="120"/></bpmndi:BPMNEdge>'
        for name, left, right in (("f_start_check", 136, 200), ("f_check_end", 300, 370))
    )
    key = text.split('<bpmn:process id="')[1].split('"', maxsplit=1)[0]
    plane = (
        '<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" '
        'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" id="d">'
        f'<bpmndi:BPMNPlane id="plane" bpmnElement="{key}">{shapes}{edges}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>'
    )
    return text.replace("</bpmn:definitions>", f"{plane}</bpmn:definitions>")
