"""The demo's after-sales cases: what broke, and twenty-five stories of it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from web.demo.fault_texts import FAULTS
from web.demo.plan import Story
from web.demo.service_acts import Service

_DAY = 24
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """A fault by its key, who takes care, and what becomes of it; `in_warranty` None where it does not matter."""

    fault: str
    desk: str
    engineer: str
    tell: Callable[[Service], Story]
    channel: str = "telephone"
    in_warranty: bool | None = None
    contract: str | None = None


def stories(files: Iterable[Row], customers: Mapping[str, Row], today: date) -> list[Story]:
    """Return the stories, each of a machine of its own that fits; who asks for most chooses first."""
    free = list(files)
    random.Random(25).shuffle(free)  # noqa: S311 - the demo is the same every time
    machines: dict[str, Row] = {}
    for plan in sorted(PLANS, key=lambda plan: (plan.contract is None, plan.in_warranty is None)):
        machines[plan.fault] = next(row for row in free if _fits(plan, row, customers, today))
        free.remove(machines[plan.fault])
    return [
        plan.tell(
            Service(
                FAULTS[plan.fault],
                machines[plan.fault],
                customers[machines[plan.fault]["customer"]],
                desk=plan.desk,
                engineer=plan.engineer,
                channel=plan.channel,
            )
        )
        for plan in PLANS
    ]


def _fits(plan: Plan, machine: Row, customers: Mapping[str, Row], today: date) -> bool:
    customer = customers[machine["customer"]]
    return (
        machine["product_family"] == FAULTS[plan.fault].family
        and plan.in_warranty in (None, machine["warranty_until"] > today.isoformat())
        and plan.contract in (None, customer["service_contract"])
        and customer["region"] != "overseas"  # nobody is there within the hours of the service level
    )


def _repaired(service: Service) -> Service:
    return service.registered().contacted().diagnosed("on_site").booked().repaired()


def _on_site(service: Service) -> Service:
    return _repaired(service).checked().confirmed()


def _dissatisfied(service: Service, comment: str, technician: str = "shen.tao") -> Service:
    """Ask, hear that it is not good, and repair a second time by the technical department."""
    return (
        service.asked(comment, score=2)
        .contacted(1, who=technician)
        .diagnosed("on_site", 1, who=technician)
        .booked(1, who=technician)
        .repaired(5, who=technician, steps="Repeated with the technical department: adjusted under load.")
        .checked()
        .confirmed()
    )


PLANS = (
    # closed
    Plan(
        "belt_left", "zhou.mei", "wang.jun",
        lambda s: s.registered().contacted(3).diagnosed("remote", 2).guided().repaired(1, work_minutes=35).checked()
        .confirmed().asked("电话里就解决了，很快。", score=5).story(idle=15 * _DAY),
        channel="wechat",
    ),
    Plan(
        "drive_card", "he.lin", "zhao.min",
        lambda s: _on_site(s).asked("来得很快，讲解清楚。", score=5).story(idle=12 * _DAY),
        in_warranty=True,
    ),
    Plan(
        "lift_stop", "zhou.mei", "tang.hao",
        lambda s: s.registered(0.1).contacted(0.7, exact=True).diagnosed("on_site", 0.5).booked(0.5)
        .repaired(4, work_minutes=190).checked(1).confirmed(1).asked("停机四小时，救援及时。", score=4).story(idle=10 * _DAY),
        in_warranty=True,
    ),
    Plan(
        "chain_noise", "xu.dan", "gao.peng",
        lambda s: _dissatisfied(_on_site(s), "修好两天后又响了。It was quiet for two days only.")
        .asked("这次彻底解决了。", score=4).story(idle=3 * _DAY),
        in_warranty=True,
    ),
    Plan(
        "gearbox_leak", "he.lin", "zhao.min",
        lambda s: s.registered().contacted().diagnosed("return_to_factory").collected().received().repaired(20, work_minutes=420)
        .checked(fault="Oil level not noted in the log.").repaired(2).checked().sent_back().confirmed(40)
        .asked("Packed well, runs quietly.", score=5).story(idle=5 * _DAY),
        channel="email", in_warranty=True,
    ),
    Plan(
        "drive_trips", "xu.dan", "gao.peng",
        lambda s: s.registered().contacted().diagnosed("consultation").called_in()
        .consulted("Firmware 2.3 of the drive misreads the encoder above 40 °C.", "Firmware 2.4, fan filter changed.", "on_site")
        .diagnosed("on_site").booked().repaired(7).checked().confirmed().asked("专家会诊后没有再停机。", score=5).story(idle=4 * _DAY),
        channel="oa", in_warranty=True,
    ),
    Plan(
        "belt_torn", "zhou.mei", "wang.jun",
        lambda s: s.registered().contacted().diagnosed("on_site", human_damage=True).quoted(8600, 2400, 800)
        .answered(refused="费用超预算，自行更换皮带。Own maintenance changes the belt.").story(idle=7 * _DAY),
    ),
    # not contacted yet
    Plan("panel_dark", "he.lin", "zhao.min", lambda s: s.story(idle=0.5, exact=True), channel="web"),
    Plan("roller_stuck", "xu.dan", "wang.jun", lambda s: s.registered().story(idle=1.2), channel="wechat"),
    Plan("belt_slips", "zhou.mei", "gao.peng", lambda s: s.registered().story(idle=6.6)),
    Plan("lift_door", "he.lin", "tang.hao", lambda s: s.registered(0.1).story(idle=5)),
    # on their way
    Plan(
        "sensor_blind", "xu.dan", "zhao.min",
        lambda s: s.registered().contacted().story(idle=4), channel="email",
    ),
    Plan(
        "motor_hot", "zhou.mei", "gao.peng",
        lambda s: s.registered(0.1).contacted(9, late=True).claimed("diagnose", after=0.5).story(idle=40),
        in_warranty=True,
    ),
    Plan(
        "position_drift", "he.lin", "tang.hao",
        lambda s: s.registered().contacted().diagnosed("consultation").called_in().story(idle=5), in_warranty=True,
    ),
    Plan(
        "guide_worn", "xu.dan", "wang.jun",
        lambda s: s.registered().contacted().diagnosed("on_site").story(idle=2), in_warranty=False, contract="none",
    ),
    Plan(
        "sprocket_worn", "he.lin", "gao.peng",
        lambda s: s.registered().contacted().diagnosed("on_site").quoted(3200, 1800, 600, package="basic").story(idle=20),
        in_warranty=False, contract="basic",
    ),
    Plan(
        "box_jam", "zhou.mei", "zhao.min",
        lambda s: s.registered().contacted().diagnosed("on_site").story(idle=1.5), in_warranty=True,
    ),
    Plan(
        "splice_open", "xu.dan", "wang.jun",
        lambda s: s.registered().contacted().diagnosed("on_site").booked(hours_on=5).story(idle=2), in_warranty=True,
    ),
    Plan(
        "card_burnt", "he.lin", "zhao.min",
        lambda s: s.registered().contacted().diagnosed("on_site").booked(hours_on=20).story(idle=58),
        contract="full", channel="oa",
    ),
    Plan(
        "noise_new", "zhou.mei", "gao.peng",
        lambda s: s.registered().contacted().diagnosed("return_to_factory").collected().story(idle=22),
        in_warranty=True, channel="email",
    ),
    Plan("belt_edge", "xu.dan", "wang.jun", lambda s: _repaired(s).story(idle=1.5), in_warranty=True),
    Plan("curve_squeals", "he.lin", "wang.jun", lambda s: _on_site(s).story(idle=9), in_warranty=True),
    Plan("chain_slack", "zhou.mei", "gao.peng", lambda s: _on_site(s).story(idle=30), contract="full", channel="counter"),
    # not satisfied
    Plan(
        "stops_again", "xu.dan", "zhao.min",
        lambda s: _on_site(s).asked("换过的驱动卡又报警，停线一小时。It stopped again after a day.", score=1)
        .contacted(0.8, who="wei.lan", exact=True).story(idle=2, exact=True),
        in_warranty=True,
    ),
    Plan(
        "lift_jerks", "he.lin", "tang.hao",
        lambda s: _dissatisfied(
            _dissatisfied(_on_site(s), "起步仍然抖动。It still jerks at the start."), "好一些，但满载时还抖。", "wei.lan"
        ).asked("三次上门没有解决，要求书面答复。", score=1).story(idle=4),
        in_warranty=True,
    ),
)  # fmt: skip
