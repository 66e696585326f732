"""The two cases that everything is built for, as data: who does what, step by step, from the start to the archive.

Played through REST, in a browser and with a server that is killed between the steps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from engine.app import Engine
from web.demo import people
from web.demo.delivery_acts import inspection
from web.demo.plan import When
from web.demo.plant import registers

PLANT_ZONE = ZoneInfo("Asia/Shanghai")
Values = Callable[[datetime, Mapping[str, Any]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Step:
    """One task done by one person; `section` tells which of several, `timer` is an element that time must pass first.

    `values` are what the form takes, made from the instant and the variables that the task sees.
    """

    element: str
    person: str
    values: Values
    section: str = ""
    timer: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """A case to play; `path` are the elements that it must have completed, in this order."""

    definition_key: str
    starter: str
    start: Mapping[str, Any]
    steps: tuple[Step, ...]
    end: str


def given(**values: Any) -> Values:
    return lambda _now, _seen: values


def fill_plant(engine: Engine) -> None:
    """Give an empty plant its people and registers, but no cases."""
    people.create(engine)
    registers(engine, engine.clock().astimezone(PLANT_ZONE).date())


def today(now: datetime) -> str:
    return now.astimezone(PLANT_ZONE).date().isoformat()


def moment(now: datetime, **later: float) -> str:
    return (now + timedelta(**later)).astimezone(PLANT_ZONE).strftime("%Y-%m-%dT%H:%M")


def inspected(**fails: tuple[str, str]) -> Values:
    """Answer every item shown; those whose id ends as named fail (`_` for `-`)."""
    answer = inspection({end.replace("_", "-"): why for end, why in fails.items()})
    return lambda now, seen: answer(When(now, now, PLANT_ZONE), seen)


# --- delivery: one failed item, one rework, one question of the customer ----------------------------------------------


def delivery(order: str, serial: str) -> Case:
    """Deliver the one machine of an order of a roller conveyor without custom details: four sections."""
    return Case(
        "delivery",
        "lin.xia",
        {
            "order_number": order,
            "product_family": "roller",
            "customer_code": "KD-002",
            "serial_numbers": serial,
            "urgency": "normal",
            "has_details": False,
        },
        (
            Step("inspect", "li.na", inspected(), section="appearance"),
            Step(
                "inspect",
                "chen.wei",
                inspected(**{"2FUN_04": ("0.65 mm between roller 14 and 15", "dimension")}),
                section="function",
            ),
            Step("inspect", "sun.ting", inspected(), section="documents"),
            Step("inspect", "li.na", inspected(), section="configuration"),
            Step(
                "rework",
                "ma.jie",
                given(rework_cause="assembly", rework_hours=1.5, rework_action="Roller 15 seated anew in its bracket."),
            ),
            Step("inspect", "chen.wei", inspected(), section="function"),
            Step(
                "arrange",
                "lin.xia",
                lambda now, _: {
                    "acceptance_at": moment(now, hours=20),
                    "video_link": "https://meet.example/kd-002",
                    "participants": "刘文静, Lin Xia",
                    "sheet_sent": True,
                },
            ),
            Step(
                "record_answer",
                "lin.xia",
                lambda now, _: {
                    "customer_answer": "points",
                    "signed_by": "刘文静",
                    "signed_on": today(now),
                    "points_text": "Is the spare drive card in the box? 备用驱动卡是否在箱内？",
                },
                timer="acceptance_day",
            ),
            Step(
                "settle_points",
                "sun.ting",
                given(next_step="answered", points_reply="Yes: bag 3 of the packing list. 在，装箱单第 3 袋。"),
            ),
            Step(
                "record_answer",
                "lin.xia",
                lambda now, _: {"customer_answer": "accepted", "signed_by": "刘文静", "signed_on": today(now)},
            ),
            Step(
                "release",
                "zhang.yue",
                lambda now, _: {
                    "packing_checked": True,
                    "papers_enclosed": True,
                    "carrier": "Deppon 德邦物流",
                    "waybill": "DP20260302",
                    "shipped_on": today(now),
                    "packages": 3,
                },
            ),
            Step(
                "contact_customer",
                "he.lin",
                given(
                    spoken_with="刘文静",
                    goods_arrived="yes",
                    expectations="Spare parts within two days. 备件两日内到货。",
                    preferred_hours="14:00-17:00",
                ),
            ),
        ),
        "delivered",
    )


# --- after-sales: severity 2, on site, one dissatisfied revisit -------------------------------------------------------


def after_sales(serial: str) -> Case:
    """Repair a belt conveyor in warranty on site; the customer is not satisfied, the technical department repeats it."""
    return Case(
        "after_sales",
        "he.lin",
        {
            "serial_number": serial,
            "fault_title": "Belt slips under load",
            "channel": "telephone",
            "reporter_name": "王建华",
            "reporter_phone": "0576-6555 0104",
            "fault_description": "满载时皮带打滑。Output is down by a third.",
        },
        (
            Step(
                "register",
                "he.lin",
                given(impact="reduced", symptom="other", fault_since="days", fault_details="Since the last cleaning"),
            ),
            *_repair("wang.jun", "Belt tension 20 % below nominal.", "Tension set, splice checked."),
            Step(
                "ask_satisfaction",
                "li.na",
                given(
                    speed_score=4,
                    attitude_score=5,
                    solved_score=1,
                    process_score=2,
                    satisfied="no",
                    customer_comment="两天后又打滑。It slips again.",
                ),
                timer="revisit_day",
            ),
            *_repair(
                "wei.lan", "Drive pulley worn smooth.", "Lagging of the drive pulley renewed.", parts="Lagging, 1 m"
            ),
            Step(
                "ask_satisfaction",
                "li.na",
                given(speed_score=5, attitude_score=5, solved_score=5, process_score=4, satisfied="yes"),
                timer="revisit_day",
            ),
        ),
        "case_closed",
    )


def _repair(engineer: str, findings: str, work: str, parts: str = "") -> tuple[Step, ...]:
    return (
        Step(
            "first_contact",
            engineer,
            lambda now, _: {
                "contacted_at": moment(now, minutes=-5),
                "spoken_with": "王建华",
                "agreed_next": "An engineer comes today.",
            },
        ),
        Step("diagnose", engineer, given(findings=findings, cause="wear", way="on_site", hours_estimate=2)),
        Step(
            "book_visit",
            "he.lin",
            lambda now, _: {
                "visit_at": moment(now, hours=3),
                "visiting_engineer": engineer,
                "engineer_phone": "138 1555 0101",
                "customer_told": True,
            },
        ),
        Step(
            "repair",
            engineer,
            given(
                procedure_done=["locked", "before", "repaired", "tested"],
                symptom_found=findings,
                repair_steps=work,
                parts_replaced=parts,
                old_parts="returned" if parts else "none",
                test_results="Two hours with full load, no slip.",
                work_minutes=110,
                travel_minutes=95,
                log_signed_by="王建华",
            ),
        ),
        Step("check_quality", "chen.wei", given(check_points=["complete", "tested"], check_result="pass")),
        Step(
            "confirm_repair",
            "he.lin",
            lambda now, _: {"repair_confirmed": "yes", "confirmed_by": "王建华", "confirmed_on": today(now)},
        ),
    )
