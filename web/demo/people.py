"""The people of the demo plant. All share one password, which is why a demo plant is served to its own machine only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.commands.create_user import CreateUser
from engine.model.actor import ADMIN, MANAGER, OWNER, STAFF, SYSTEM, Actor
from engine.queries.people import find_user
from web.auth import check_password, hash_password

if TYPE_CHECKING:
    from engine.app import Engine

PASSWORD = "conveyor-demo"  # noqa: S105 - printed at every start of the demo


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    display_name: str
    chinese_name: str
    groups: tuple[str, ...] = ()
    role: str = STAFF
    phone: str = ""

    @property
    def actor(self) -> Actor:
        return Actor(self.name, frozenset({self.role}), frozenset(self.groups))


PEOPLE = (
    Person("zhou.mei", "Zhou Mei", "周玫", ("desk",)),
    Person("he.lin", "He Lin", "何琳", ("desk",)),
    Person("xu.dan", "Xu Dan", "许丹", ("desk",)),
    Person("wang.jun", "Wang Jun", "王军", ("engineers",), phone="138 1555 0101"),
    Person("zhao.min", "Zhao Min", "赵敏", ("engineers",), phone="138 1555 0102"),
    Person("gao.peng", "Gao Peng", "高鹏", ("engineers",), phone="138 1555 0103"),
    Person("tang.hao", "Tang Hao", "唐浩", ("engineers",), phone="138 1555 0104"),
    Person("li.na", "Li Na", "李娜", ("quality",)),
    Person("chen.wei", "Chen Wei", "陈伟", ("quality",)),
    Person("sun.ting", "Sun Ting", "孙婷", ("quality",)),
    Person("feng.li", "Feng Li", "冯丽", ("quality_managers", "quality"), MANAGER),
    Person("ma.jie", "Ma Jie", "马杰", ("production",)),
    Person("deng.bo", "Deng Bo", "邓波", ("production",)),
    Person("zhang.yue", "Zhang Yue", "张悦", ("warehouse",)),
    Person("hu.gang", "Hu Gang", "胡刚", ("warehouse",)),
    Person("lin.xia", "Lin Xia", "林霞", ("sales",)),
    Person("guo.rui", "Guo Rui", "郭锐", ("sales",)),
    Person("peng.fei", "Peng Fei", "彭飞", ("sales",)),
    Person("yang.fan", "Yang Fan", "杨帆", ("sales_managers",), MANAGER),
    Person("cao.jing", "Cao Jing", "曹静", ("service_managers",), MANAGER),
    Person("shen.tao", "Shen Tao", "沈涛", ("technical",), phone="138 1555 0105"),
    Person("wei.lan", "Wei Lan", "魏岚", ("technical",), phone="138 1555 0106"),
    Person("han.bin", "Han Bin", "韩斌", role=OWNER),
    Person("admin", "Lu Yan", "陆岩", role=ADMIN),
)
BY_NAME = {person.name: person for person in PEOPLE}


def create(engine: Engine, people: Iterable[Person] = PEOPLE) -> None:
    """Create whoever is missing; people that exist keep what they have changed."""
    password_hash = hash_password(PASSWORD)
    for person in people:
        if engine.query(find_user, name=person.name) is None:
            engine.execute(
                CreateUser(
                    person.name,
                    SYSTEM,
                    display_name=person.display_name,
                    display_names={"zh_Hans": person.chinese_name},
                    password_hash=password_hash,
                    groups=person.groups,
                    roles=(person.role,),
                )
            )


def password_is_known(engine: Engine) -> bool:
    """Tell whether anybody may sign in with the demo's password, which the whole world can read here."""
    tried: set[str] = set()
    for person in PEOPLE:
        user = engine.query(find_user, name=person.name)
        if user is None or not user.active or not user.password_hash or user.password_hash in tried:
            continue
        tried.add(user.password_hash)
        if check_password(user, PASSWORD):
            return True
    return False
