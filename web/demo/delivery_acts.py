"""What the demo's people answer in a delivery, act by act."""

from __future__ import annotations

import random
from collections.abc import Mapping
from itertools import cycle
from typing import Any

from web.demo.machines import Order
from web.demo.plan import Act, Story, Values, When

_SECTIONS = ("appearance", "function", "documents", "configuration", "joint_test")
Fails = Mapping[str, tuple[str, str]]
"""Notes and defect classes by the end of the failed item's id."""


class Delivery:
    """Builds the story of one order, in the order of its calls."""

    def __init__(
        self,
        order: Order,
        seller: str,
        *,
        contact: str,
        urgency: str = "normal",
        details: Mapping[str, str] | None = None,
        location: str = "Hall 2, bay 4",
        note: str = "",
    ) -> None:
        self.order, self.seller, self.contact = order, seller, contact
        self.urgency, self.details, self.location, self.note = urgency, details, location, note
        self.acts: list[Act] = []
        keys = _SECTIONS if order.family != "roller" or details else _SECTIONS[:-1]
        self.sections = tuple(f"{serial}/{key}" for serial in order.serial_numbers for key in keys)
        self._inspectors = cycle(("li.na", "chen.wei", "sun.ting"))

    def story(self, idle: float) -> Story:
        """Return the story, whose last act was `idle` hours ago."""

        def start(when: When) -> dict[str, Any]:
            return {
                "order_number": self.order.number,
                "product_family": self.order.family,
                "customer_code": self.order.customer,
                "serial_numbers": "\n".join(self.order.serial_numbers),
                "ready_on": when.day(),
                "location": self.location,
                "urgency": self.urgency,
                "has_details": self.details is not None,
                **(self.details or {}),
                "inspector_note": self.note,
            }

        return Story("delivery", self.seller, start, tuple(self.acts), idle)

    def _add(self, element: str, who: str, after: float, values: Values, **more: Any) -> Delivery:
        self.acts.append(Act(element, who, after, values, **more))
        return self

    def claimed(self, element: str, who: str, after: float = 0.3, which: str = "") -> Delivery:
        return self._add(element, who, after, _nothing, only_claim=True, which=which)

    def confirmed(self, after: float = 5) -> Delivery:
        return self._add(
            "confirm_details",
            self.seller,
            after,
            lambda when, _: {
                **(self.details or {}),
                "details_confirmed_by": self.contact,
                "details_confirmed_on": when.day(),
            },
        )

    def inspected(self, fails: Fails | None = None, *, after: float = 1.2, only: int | None = None) -> Delivery:
        """Inspect the sections (the first `only` of them), half an hour each; items fail by the end of their id."""
        for place, section in enumerate(self.sections[:only]):
            self._add(
                "inspect",
                next(self._inspectors),
                0.5 if place else after,
                inspection(fails or {}),
                which=section,
            )
        return self

    def reworked(self, cause: str, action: str, *, hours: float, parts: str = "", who: str = "ma.jie") -> Delivery:
        return self._add(
            "rework",
            who,
            hours + 1,
            lambda when, seen: {
                "rework_cause": cause,
                "rework_hours": hours,
                "rework_action": action,
                "rework_parts": parts,
                "rework_photos": ["photo:after-rework"],
            },
        )

    def inspected_again(self, *sections: str) -> Delivery:
        """Inspect what was reworked; sections by the end of their id."""
        for section in self.sections:
            if section.endswith(sections):
                self._add("inspect", next(self._inspectors), 0.8, inspection({}), which=section)
        return self

    def arranged(self, *, days: float | None = None, after: float = 3) -> Delivery:
        """Arrange the acceptance for `days` ahead, else for an hour before the next act."""
        is_on_site = self.order.attends_acceptance or self.order.project_class == "key"

        def values(when: When, seen: Mapping[str, Any]) -> dict[str, Any]:
            at = when.before_next(60) if days is None else when.hours_on(days * 24)
            place = {"acceptance_place": "Plant, test hall 1 试验车间"} if is_on_site else {}
            if seen["acceptance_plan"]["mode"] == "remote_video":
                place = {"video_link": "https://meet.example/acceptance"}
            who = f"{self.contact} ({seen['customer_file']['name']}), {self.seller}"
            return {"acceptance_at": at, **place, "participants": who, "sheet_sent": True}

        return self._add("arrange", self.seller, after, values)

    def accepted(self, after: float = 26, by: str = "") -> Delivery:
        """Record the signed acceptance; `by` a sales manager who had to take over."""
        return self._add(
            "take_over" if by else "record_answer",
            by or self.seller,
            after,
            lambda when, _: {
                "customer_answer": "accepted",
                "signed_by": self.contact,
                "signed_on": when.day(),
                "acceptance_evidence": ["photo:signed-acceptance-sheet"],
            },
        )

    def raised(self, text: str, after: float = 26) -> Delivery:
        return self._add(
            "record_answer",
            self.seller,
            after,
            lambda when, _: {
                "customer_answer": "points",
                "signed_by": self.contact,
                "signed_on": when.day(),
                "points_text": text,
                "points_photos": ["photo:point-of-the-customer"],
            },
        )

    def settled(self, reply: str, *, reinspect: str = "", after: float = 4) -> Delivery:
        """Answer the points; with `reinspect` (the end of an item's id) send the machine to rework."""

        def values(when: When, seen: Mapping[str, Any]) -> dict[str, Any]:
            if not reinspect:
                return {"next_step": "answered", "points_reply": reply}
            again = [
                f"{section['id']} {item['id']}"
                for section in seen["all_sections"]
                for item in section["items"]
                if item["id"].endswith(reinspect)
            ]
            return {"next_step": "rework", "reinspect": again, "points_reply": reply}

        return self._add("settle_points", "sun.ting", after, values)

    def released(self, carrier: str = "Deppon 德邦物流", after: float = 5) -> Delivery:
        return self._add(
            "release",
            "zhang.yue",
            after,
            lambda when, _: {
                "packing_checked": True,
                "papers_enclosed": True,
                "carrier": carrier,
                "waybill": f"DP{sum(map(ord, self.order.number)) * 7919 % 10**8:08d}",
                "shipped_on": when.day(),
                "packages": 2 * len(self.order.serial_numbers) + 1,
                "loading_photos": ["photo:loading"],
            },
        )

    def contacted(self, expectations: str, hours: str = "", *, training: bool = False, after: float = 28) -> Delivery:
        return self._add(
            "contact_customer",
            "he.lin",
            after,
            lambda when, _: {
                "spoken_with": self.contact,
                "goods_arrived": "yes",
                "expectations": expectations,
                "preferred_hours": hours or "09:00-17:00",
                "training_wanted": training,
            },
        )


def inspection(fails: Fails) -> Values:
    """Answer the items that the task shows: all good but those whose id ends as in `fails`."""

    def values(when: When, seen: Mapping[str, Any]) -> dict[str, Any]:
        results = [_result(item, fails) for item in seen["section"]["items"]]
        return {"results": results, "inspection_signed": True}

    return values


def _result(item: Mapping[str, Any], fails: Fails) -> dict[str, Any]:
    found = next((why for end, why in fails.items() if item["id"].endswith(end)), None)
    result: dict[str, Any] = {"id": item["id"], "result": "fail" if found else "pass"}
    if item["kind"] == "measure":
        result["value"] = _measured(item, failed=found is not None)
    if found:
        result |= {"note": found[0], "defect_class": found[1]}
    if item["required_photo"]:
        result["photos"] = [f"photo:{item['id'].lower()}"]
    return result


def _measured(item: Mapping[str, Any], *, failed: bool) -> float:
    low, high = item["low"], item["high"]
    if failed:
        return round(high * 1.3, 2) if high is not None else round(low * 0.6, 2)
    if low is None:
        low = 0.3 * (high or 1)
    if high is None:
        high = 4 * (low or 1)
    share = 0.35 + 0.3 * random.Random(item["id"]).random()  # noqa: S311 - a reading
    return round(low + (high - low) * share, 2)


def _nothing(_when: When, _seen: Mapping[str, Any]) -> dict[str, Any]:
    return {}
