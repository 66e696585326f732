"""The demo plant's products: what is built into each family, the orders, and the machines that run at customers."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

MODELS = {
    "belt": ("BC-400", "BC-600", "BC-800", "BCI-600", "BCT-600"),
    "roller": ("RC-500", "RC-700", "RCA-700", "RCT-700"),
    "chain": ("CC-1000", "CC-1500", "CCR-1500"),
    "lift": ("VL-500", "VL-1500", "VLC-50"),
}
WARRANTY_DAYS = {"belt": 365, "roller": 548, "chain": 365, "lift": 730}
_PRICES = {"belt": 68_000, "roller": 54_000, "chain": 126_000, "lift": 385_000}
_PARTS = {
    "belt": (
        "DP-160;Drive pulley 驱动滚筒 Ø160;1",
        "GM-075;Gear motor 减速电机;1",
        "PV-20;PVC belt 输送带 2.0 mm;1",
        "FR-20;Frame section 机架段 2 m;{n}",
        "PE-18;Light barrier 光电开关;2",
        "ES-01;Emergency stop with pull cord 急停拉绳;1",
    ),
    "roller": (
        "RO-50;Driven roller 动力辊筒 Ø50;{m}",
        "DM-24;24 V drive card 驱动卡;{n}",
        "FR-15;Frame section 机架段 1.5 m;{n}",
        "PE-18;Light barrier 光电开关;{n}",
        "PS-24;Power supply 开关电源 24 V;1",
    ),
    "chain": (
        "CH-16B;Duplex chain 双排链 16B;2",
        "SP-19;Sprocket 链轮 19T;4",
        "GM-220;Gear motor 减速电机;1",
        "WG-02;Wear strip 耐磨条;{n}",
        "IN-30;Proximity switch 接近开关;4",
    ),
    "lift": (
        "CA-01;Carriage 载货台;1",
        "HC-20;Lifting chain 提升链;2",
        "BM-55;Brake motor 制动电机;1",
        "EN-58;Absolute encoder 绝对值编码器;1",
        "FB-02;Fall protection 防坠装置;1",
        "LC-04;Safety light curtain 安全光幕;2",
    ),
}


@dataclass(frozen=True, slots=True)
class Order:
    """One model for one customer; delivered long ago where `delivered_on` is set."""

    number: str
    customer: str
    family: str
    model: str
    serial_numbers: tuple[str, ...]
    promised_on: date
    project_class: str = "standard"
    attends_acceptance: bool = False
    delivered_on: date | None = None

    def row(self) -> dict[str, Any]:
        row: dict[str, Any] = {
            "number": self.number,
            "customer": self.customer,
            "model": self.model,
            "quantity": len(self.serial_numbers),
            "order_value": _PRICES[self.family] * len(self.serial_numbers),
            "promised_on": self.promised_on.isoformat(),
            "project_class": self.project_class,
            "attends_acceptance": self.attends_acceptance,
            "bom": parts_list(self.family, self.model),
            "serial_numbers": "\n".join(self.serial_numbers),
            "status": "delivered" if self.delivered_on else "open",
        }
        return row | ({"delivered_on": self.delivered_on.isoformat()} if self.delivered_on else {})

    def equipment_rows(self) -> Iterable[dict[str, Any]]:
        """Return the files of machines that were delivered before this software was there."""
        if self.delivered_on is None:
            return
        until = self.delivered_on + timedelta(days=WARRANTY_DAYS[self.family])
        for serial in self.serial_numbers:
            yield {
                "serial_number": serial,
                "model": self.model,
                "product_family": self.family,
                "customer": self.customer,
                "order": self.number,
                "status": "in_service",
                "accepted_on": (self.delivered_on - timedelta(days=2)).isoformat(),
                "delivered_on": self.delivered_on.isoformat(),
                "warranty_start": self.delivered_on.isoformat(),
                "warranty_until": until.isoformat(),
                "configuration": parts_list(self.family, self.model),
            }


def parts_list(family: str, model: str) -> str:
    length = 2 + sum(map(ord, model)) % 5
    return "\n".join(part.format(n=length, m=length * 12) for part in _PARTS[family])


class Numbers:
    """Gives out order and serial numbers, each once."""

    def __init__(self) -> None:
        self._orders: dict[int, int] = {}
        self._machines: dict[str, int] = {}

    def order(self, year: int) -> str:
        self._orders[year] = self._orders.get(year, 0) + 1
        return f"SO-{year % 100:02d}{self._orders[year]:04d}"

    def serials(self, model: str, year: int, count: int) -> tuple[str, ...]:
        first = self._machines.get(model, 0) + 1
        self._machines[model] = first + count - 1
        return tuple(f"{model.replace('-', '')}-{year % 100:02d}-{n:04d}" for n in range(first, first + count))


def past_orders(machines: int, customers: Mapping[str, str], today: date, numbers: Numbers) -> list[Order]:
    """Return orders delivered one month to three years ago that make up this many machines, oldest first.

    `customers` maps a customer's code to its region.
    """
    chance = random.Random(1973)  # noqa: S311 - the demo is the same every time
    days = sorted((int(chance.triangular(40, 1100, 90)) for _ in range(machines)), reverse=True)
    orders: list[Order] = []
    left = machines
    codes = list(customers)
    families = [family for family in MODELS for _ in range({"belt": 3, "roller": 3, "chain": 3, "lift": 2}[family])]
    while left:
        family = families[len(orders) % len(families)]
        model = chance.choice(MODELS[family])
        count = min(left, chance.choice((1, 1, 2, 2, 3)))
        delivered_on = today - timedelta(days=days[machines - left])
        left -= count
        orders.append(
            Order(
                number=numbers.order(delivered_on.year),
                customer=codes[len(orders) % len(codes)],
                family=family,
                model=model,
                serial_numbers=numbers.serials(model, delivered_on.year, count),
                promised_on=delivered_on + timedelta(days=chance.randint(-6, 4)),
                delivered_on=delivered_on,
            )
        )
    return orders
