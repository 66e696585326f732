"""The demo's delivery cases: fifteen orders, from custom details not yet confirmed to archived."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from web.demo.delivery_acts import Delivery
from web.demo.machines import Numbers, Order
from web.demo.plan import Story

_DAY = 24


@dataclass(frozen=True, slots=True)
class Plan:
    """An order and what becomes of it; `makes_files` where its machines are shipped by now."""

    customer: str
    family: str
    model: str
    count: int
    seller: str
    tell: Callable[[Delivery], Story]
    makes_files: bool = False
    project_class: str = "standard"
    attends: bool = False
    urgency: str = "normal"
    details: dict[str, str] | None = None
    note: str = ""
    location: str = "Hall 2, bay 4"


def orders(today: date, numbers: Numbers) -> list[Order]:
    """Return the open orders, one for each plan."""
    return [
        Order(
            number=numbers.order(today.year),
            customer=plan.customer,
            family=plan.family,
            model=plan.model,
            serial_numbers=numbers.serials(plan.model, today.year, plan.count),
            promised_on=today + timedelta(days=3 + place),
            project_class=plan.project_class,
            attends_acceptance=plan.attends,
        )
        for place, plan in enumerate(PLANS)
    ]


def stories(ready: list[Order], contacts: dict[str, str]) -> list[Story]:
    """Return the stories of the orders; `contacts` are the customers' people."""
    return [
        plan.tell(
            Delivery(
                order,
                plan.seller,
                contact=contacts[order.customer],
                urgency=plan.urgency,
                details=plan.details,
                location=plan.location,
                note=plan.note,
            )
        )
        for plan, order in zip(PLANS, ready, strict=True)
    ]


def _settled_by_rework(delivery: Delivery) -> Story:
    return (
        delivery.inspected()
        .arranged()
        .raised("试运行时尾部有异响，请检查轴承。There is a rattle at the tail when running empty.")
        .settled(
            "We take the tail apart today and send a video afterwards. 今日拆检，完成后发视频确认。",
            reinspect="5JNT-03",
        )
        .reworked("part", "Bearing of the tail pulley replaced, pulley balanced.", hours=3, parts="6205-2RS, 2 pcs")
        .inspected_again("joint_test")
        .arranged()
        .accepted()
        .released("SF Freight 顺丰快运")
        .contacted("Quarterly check of the belt tension by telephone. 每季度电话回访一次。")
        .story(idle=4 * _DAY)
    )


_COLOUR = {"colour": "RAL 6032, sample card signed 色卡已签", "interface_position": "Left side, 850 mm above floor"}
_PLATE = {"nameplate": "Chinese and English", "other_details": "Customer's asset number on the plate 铭牌加刻资产编号"}
_EXPORT = {"nameplate": "English", "interface_position": "Right side", "other_details": "60 Hz motor, CE papers"}

PLANS = (
    Plan(
        "SZ-025", "roller", "RCA-700", 3, "guo.rui",
        lambda d: d.inspected().arranged().accepted().released()
        .contacted("Spare drive cards within a day. 备用驱动卡次日送达。", training=True).story(idle=13 * _DAY),
        makes_files=True,
    ),
    Plan(
        "HF-021", "belt", "BC-800", 2, "lin.xia",
        lambda d: d.confirmed()
        .inspected({"1APP-02": ("ΔE 2.0 at the left side panel", "colour"), "2FUN-04": ("Current too high, belt too tight", "motion")})
        .reworked("assembly", "Belt tension set again; side panel painted anew.", hours=4)
        .inspected_again("appearance", "function").arranged().accepted().released()
        .contacted("Belt change only at weekends. 换带安排在周末。", "08:30-11:00").story(idle=9 * _DAY),
        makes_files=True, details=_COLOUR | _PLATE,
    ),
    Plan(
        "TJ-019", "belt", "BC-600", 1, "peng.fei",
        lambda d: d.inspected().arranged()
        .raised("说明书缺少食品级润滑脂清单。The manual lacks the list of food-grade greases.")
        .settled("The list is added to the manual, revision B sent by mail. 已补充清单，B版说明书已邮寄。")
        .accepted(after=8).released().contacted("Only food-grade grease. 只用食品级润滑脂。", "05:30-07:00")
        .story(idle=6 * _DAY),
        makes_files=True, attends=True,
    ),
    Plan("CQ-013", "belt", "BCT-600", 1, "guo.rui", _settled_by_rework, makes_files=True),
    Plan(
        "XM-016", "roller", "RC-500", 1, "lin.xia",
        lambda d: d.inspected().arranged(days=0.2).accepted(after=96, by="yang.fan").released(after=4)
        .contacted("A call before every visit. 上门前先来电。").story(idle=2 * _DAY),
        makes_files=True,
    ),
    Plan(
        "NB-018", "chain", "CC-1500", 2, "peng.fei",
        lambda d: d.inspected().arranged().accepted().released("Yongyou Logistics 甬优物流").story(idle=20),
        makes_files=True, attends=True,
    ),
    Plan(
        "SH-010", "lift", "VLC-50", 1, "lin.xia",
        lambda d: d.confirmed().inspected().arranged().accepted().claimed("release", "hu.gang").story(idle=2.5),
        details=_PLATE, location="Hall 3, bay 1",
    ),
    Plan(
        "JN-020", "belt", "BC-400", 2, "guo.rui",
        lambda d: d.inspected().arranged().accepted().story(idle=40),
        note="Customer waits for this one before the holidays. 客户节前急用。",
    ),
    Plan(
        "CS-017", "belt", "BCI-600", 1, "peng.fei",
        lambda d: d.inspected({"5JNT-02": ("71 °C after 60 minutes, bearing at the drive side", "assembly")})
        .reworked("assembly", "Bearing housing aligned anew and greased.", hours=2)
        .inspected_again("joint_test").arranged(days=0.05).story(idle=34),
    ),
    Plan(
        "LZ-027", "roller", "RCT-700", 1, "lin.xia",
        lambda d: d.inspected().arranged(days=0.05).story(idle=84),
    ),
    Plan(
        "NW-029", "roller", "RC-700", 1, "guo.rui",
        lambda d: d.confirmed().inspected().arranged()
        .raised("Guard rail on the video is 40 mm lower than in drawing NW-7 rev. C.").story(idle=3),
        details=_EXPORT, urgency="urgent",
    ),
    Plan(
        "BY-009", "lift", "VL-1500", 1, "guo.rui",
        lambda d: d.inspected().arranged(days=2).story(idle=5),
        project_class="key", attends=True, location="Hall 3, bay 2",
    ),
    Plan(
        "WH-024", "belt", "BC-600", 1, "peng.fei",
        lambda d: d.inspected({
            "2FUN-03": ("Runs off 11 mm to the left at the tail", "motion"),
            "4CFG-02": ("One spare light barrier is missing", "wrong_part"),
        }).claimed("rework", "deng.bo", after=1).story(idle=27),
    ),
    Plan(
        "HZ-026", "chain", "CCR-1500", 1, "peng.fei",
        lambda d: d.inspected(only=2).claimed("inspect", "sun.ting", which=d.sections[2]).story(idle=1),
        urgency="urgent",
    ),
    Plan(
        "RA-028", "belt", "BC-800", 1, "lin.xia",
        lambda d: d.story(idle=6), details=_EXPORT,
    ),
)  # fmt: skip


def machines_with_files() -> int:
    """Count the machines whose files the cases make."""
    return sum(plan.count for plan in PLANS if plan.makes_files)


def waiting_orders(today: date, numbers: Numbers) -> list[Order]:
    """Return orders in the making, for the visitor to start a delivery with."""
    wanted: tuple[tuple[str, str, str, int, dict[str, Any]], ...] = (
        ("KD-002", "roller", "RC-700", 1, {}),
        ("DF-004", "belt", "BC-600", 2, {"attends_acceptance": True}),
        ("PS-030", "lift", "VL-500", 1, {"project_class": "key", "attends_acceptance": True}),
        ("GY-023", "chain", "CC-1000", 1, {}),
    )
    return [
        Order(
            numbers.order(today.year),
            customer,
            family,
            model,
            numbers.serials(model, today.year, count),
            today + timedelta(days=10 + 4 * place),
            **more,
        )
        for place, (customer, family, model, count, more) in enumerate(wanted)
    ]
