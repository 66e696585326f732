"""What the demo's people answer in an after-sales case, act by act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from web.demo.people import BY_NAME
from web.demo.plan import Act, Story, Values, When


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault as it is told, found and put right; `answers` are those to the guided questions."""

    family: str
    title: str
    says: str
    symptom: str
    findings: str
    cause: str
    part: str
    steps: str
    tests: str
    impact: str = "reduced"
    since: str = "days"
    answers: Mapping[str, Any] = field(default_factory=dict)


class Service:
    """Builds the story of one case, in the order of its calls."""

    def __init__(
        self,
        fault: Fault,
        machine: Mapping[str, Any],
        customer: Mapping[str, Any],
        *,
        desk: str,
        engineer: str,
        channel: str,
    ) -> None:
        self.fault, self.machine, self.customer = fault, machine, customer
        self.desk, self.engineer, self.channel = desk, engineer, channel
        self.contact = customer["contact_name"]
        self.acts: list[Act] = []

    def story(self, idle: float, *, exact: bool = False) -> Story:
        """Return the story, whose last act was `idle` hours ago; `exact` even if that was at night."""

        def start(_when: When) -> dict[str, Any]:
            return {
                "serial_number": self.machine["serial_number"],
                "fault_title": self.fault.title,
                "channel": self.channel,
                "reporter_name": self.contact,
                "reporter_phone": self.customer["phone"],
                "fault_description": self.fault.says,
            }

        return Story("after_sales", self.desk, start, tuple(self.acts), idle, exact_start=exact or bool(self.acts))

    def _add(self, element: str, who: str, after: float, values: Values, **more: Any) -> Service:
        self.acts.append(Act(element, who, after, values, **more))
        return self

    def _answer(self, element: str, who: str, after: float, values: dict[str, Any], **more: Any) -> Service:
        return self._add(element, who, after, lambda _when, _seen: values, **more)

    def claimed(self, element: str, who: str = "", after: float = 0.2) -> Service:
        return self._answer(element, who or self.engineer, after, {}, only_claim=True, exact=True)

    def registered(self, after: float = 0.2) -> Service:
        values = {
            "impact": self.fault.impact,
            "symptom": self.fault.symptom,
            "fault_since": self.fault.since,
            "fault_details": self.fault.says,
            "preferred_hours": self.customer["preferred_hours"],
            "fault_photos": [f"photo:site-{self.fault.symptom}"],
            **self.fault.answers,
        }
        return self._answer("register", self.desk, after, values, exact=True)

    def contacted(self, after: float = 1.5, *, who: str = "", late: bool = False, exact: bool = False) -> Service:
        """Make the first contact; `late` after it went to the service manager."""
        return self._add(
            "late_contact" if late else "first_contact",
            who or ("cao.jing" if late else self.engineer),
            after,
            lambda when, _: {
                "contacted_at": when.minutes_ago(10),
                "spoken_with": self.contact,
                "first_advice": "Leave the machine switched off and locked until we say otherwise. 请先断电挂牌。",
                "agreed_next": "Diagnosis by telephone and pictures, then the way to repair. 电话初诊后确定维修方式。",
            },
            exact=exact,
        )

    def diagnosed(self, way: str, after: float = 2, *, who: str = "", human_damage: bool = False) -> Service:
        values: dict[str, Any] = {
            "findings": self.fault.findings,
            "cause": self.fault.cause,
            "faulty_part": self.fault.part,
            "human_damage": human_damage,
            "way": way,
        }
        if way == "consultation":
            values["consultation_question"] = f"Why does it come back? {self.fault.findings}"
        else:
            values |= {
                "parts_needed": self.fault.part,
                "tools_needed": "Standard case, laptop",
                "hours_estimate": 1 if way == "remote" else 4,
            }
        return self._answer("diagnose", who or self.engineer, after, values)

    def called_in(self, after: float = 3) -> Service:
        return self._add(
            "call_in_experts",
            "shen.tao",
            after,
            lambda when, _: {
                "experts": ["research", "controls", "supplier"],
                "supplier_name": "驱控科技 Drive Control Ltd",
                "meeting_at": when.before_next(120) if when.next_at > when.at else when.hours_on(20),
                "consultation_material": "Log of the drive, pictures, parts list",
            },
        )

    def consulted(self, cause: str, solution: str, way: str, after: float = 20) -> Service:
        values = {
            "agreed_cause": cause,
            "agreed_solution": solution,
            "advised_way": way,
            "supplier_action": "New firmware for every drive of this batch",
            "worth_an_article": True,
        }
        return self._answer("hold_consultation", "shen.tao", after, values)

    def quoted(self, parts: int, labour: int, travel: int = 0, *, package: str = "none", after: float = 3) -> Service:
        return self._add(
            "quote",
            "peng.fei",
            after,
            lambda when, _: {
                "parts_price": parts,
                "labour_price": labour,
                "travel_price": travel,
                "service_package": package,
                "valid_until": when.day(30),
                "quotation_terms": "Payment within 30 days 货到 30 天付款",
            },
        )

    def answered(self, after: float = 18, *, refused: str = "") -> Service:
        return self._add(
            "approve_quotation",
            "peng.fei",
            after,
            lambda when, _: {
                "quotation_answer": "declined" if refused else "approved",
                "answered_by": self.contact,
                "answered_on": when.day(),
                **({"refusal_reason": refused} if refused else {"order_reference": f"PO-{self.customer['code']}"}),
            },
        )

    def guided(self, *, helped: bool = True, after: float = 1) -> Service:
        values = {
            "guidance_steps": self.fault.steps,
            "guidance_minutes": 35,
            "guidance_helped": "yes" if helped else "no",
        }
        return self._answer("guide_remotely", self.engineer, after, values)

    def booked(self, after: float = 1, *, who: str = "", hours_on: float = 5) -> Service:
        engineer = BY_NAME[who or self.engineer]
        return self._add(
            "book_visit",
            self.desk,
            after,
            lambda when, _: {
                "visit_at": when.before_next(150) if when.next_at > when.at else when.hours_on(hours_on),
                "visiting_engineer": f"{engineer.display_name} {engineer.chinese_name}",
                "engineer_phone": engineer.phone,
                "customer_told": True,
                "parts_ready": True,
            },
        )

    def collected(self, after: float = 4, paid_by: str = "plant") -> Service:
        return self._add(
            "arrange_return",
            "hu.gang",
            after,
            lambda when, _: {
                "pickup_on": when.day(1),
                "return_carrier": "Deppon 德邦物流",
                "transport_paid_by": paid_by,
                "repair_days": 4,
            },
        )

    def received(self, after: float = 44) -> Service:
        return self._add(
            "receive_machine",
            "hu.gang",
            after,
            lambda when, _: {
                "received_on": when.day(),
                "condition_received": "as_described",
                "received_photos": ["photo:arrival"],
            },
        )

    def repaired(self, after: float = 6, *, who: str = "", work_minutes: int = 140, steps: str = "") -> Service:
        def values(_when: When, seen: Mapping[str, Any]) -> dict[str, Any]:
            on_site = {"travel_minutes": 95, "log_signed_by": self.contact}
            return {
                "procedure_done": ["locked", "before", "repaired", "tested", "guards", "explained", "clean"],
                "symptom_found": self.fault.findings,
                "repair_steps": steps or self.fault.steps,
                "parts_replaced": self.fault.part,
                "old_parts": "returned" if self.fault.part else "none",
                "test_results": self.fault.tests,
                "work_minutes": work_minutes,
                "photos_before": ["photo:before"],
                "photos_after": ["photo:after"],
                **(on_site if seen["diagnosis"]["way"] == "on_site" else {}),
            }

        return self._add("repair", who or self.engineer, after, values)

    def checked(self, after: float = 2, *, fault: str = "") -> Service:
        values: dict[str, Any] = {
            "check_points": ["complete", "tested"] if fault else ["complete", "tested", "cause"],
            "check_result": "fail" if fault else "pass",
        }
        return self._answer("check_quality", "chen.wei", after, values | ({"check_remarks": fault} if fault else {}))

    def sent_back(self, after: float = 4) -> Service:
        return self._add(
            "send_back",
            "hu.gang",
            after,
            lambda when, _: {"back_carrier": "Deppon 德邦物流", "back_waybill": "DP20417733", "sent_on": when.day()},
        )

    def confirmed(self, after: float = 3) -> Service:
        return self._add(
            "confirm_repair",
            self.desk,
            after,
            lambda when, _: {
                "repair_confirmed": "yes",
                "confirmed_by": self.contact,
                "confirmed_on": when.day(),
            },
        )

    def asked(self, comment: str, *, score: int = 5, after: float = 26) -> Service:
        """Ask for satisfaction a day after; below 3 points the customer is not satisfied, and the case is reopened."""
        values = {
            "speed_score": min(5, score + 1),
            "attitude_score": 5,
            "solved_score": score,
            "process_score": max(1, score - 1) if score < 5 else 5,
            "satisfied": "yes" if score >= 3 else "no",
            "customer_comment": comment,
        }
        return self._answer("ask_satisfaction", "li.na", after, values, exact=score < 3)

    def closed(self, agreement: str, improvement: str, after: float = 5) -> Service:
        values = {
            "closing_choice": "extended_warranty",
            "closing_agreement": agreement,
            "improvement_action": improvement,
        }
        return self._answer("decide_closing", "cao.jing", after, values)
