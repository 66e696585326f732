"""The demo plant's customers: makers, warehouses and airports that run its conveyors. All names are invented."""

from __future__ import annotations

from typing import Any

# code, name, city, region, contact, area code and number, preferred hours, service contract
_CUSTOMERS = """
HL-001|恒利轴承制造有限公司|洛阳|central|赵国强|0379-6555 0101|09:00-11:30|full
KD-002|科迪光学股份有限公司|武汉|central|刘文静|027-6555 0102|14:00-17:00|basic
YH-003|粤海食品有限公司|佛山|south|陈志明|0757-6555 0103|08:30-10:00|full
DF-004|东帆模具有限公司|台州|east|王建华|0576-6555 0104||none
HT-005|海腾泵业有限公司|大连|northeast|孙丽|0411-6555 0105|09:00-17:00|basic
LH-006|岚海起重机械有限公司|青岛|north|李海波|0532-6555 0106||none
TH-007|太湖精密机械有限公司|无锡|east|吴晓燕|0510-6555 0107|09:00-12:00|full
MJ-008|岷江包装有限公司|成都|southwest|杨磊|028-6555 0108||basic
BY-009|白云物流园有限公司|广州|south|黄志强|020-6555 0109|22:00-06:00|full
SH-010|申浦电子有限公司|上海|east|周敏|021-6555 0110|13:00-17:00|full
JN-011|江宁家电有限公司|南京|east|徐静|025-6555 0111||basic
XA-012|西岭航空零部件有限公司|西安|northwest|马超|029-6555 0112|09:00-16:00|none
CQ-013|渝江汽车零部件有限公司|重庆|southwest|何伟|023-6555 0113||full
ZZ-014|中原冷链物流有限公司|郑州|central|郑丽华|0371-6555 0114|06:00-08:00|basic
SY-015|沈北重型机床有限公司|沈阳|northeast|郭亮|024-6555 0115||none
XM-016|鹭江服饰有限公司|厦门|south|林小红|0592-6555 0116|10:00-12:00|none
CS-017|湘江医药有限公司|长沙|central|谢军|0731-6555 0117|09:00-11:00|full
NB-018|甬港仓储有限公司|宁波|east|沈佳|0574-6555 0118||basic
TJ-019|津滨乳业有限公司|天津|north|韩雪|022-6555 0119|05:30-07:00|full
JN-020|泉城饮料有限公司|济南|north|宋涛|0531-6555 0120||none
HF-021|巢湖新能源电池有限公司|合肥|east|唐敏|0551-6555 0121|09:00-18:00|full
KM-022|滇池花卉物流有限公司|昆明|southwest|罗平|0871-6555 0122|23:00-04:00|none
GY-023|黔山酒业有限公司|贵阳|southwest|邓丽|0851-6555 0123||basic
WH-024|楚天图书发行有限公司|武汉|central|冯涛|027-6555 0124|09:00-17:00|none
SZ-025|鹏湾电商仓储有限公司|深圳|south|曾强|0755-6555 0125||full
HZ-026|钱塘快递分拨有限公司|杭州|east|潘晓|0571-6555 0126|11:00-15:00|full
LZ-027|陇原药材有限公司|兰州|northwest|魏东|0931-6555 0127||none
RA-028|Ruhrtal Antriebe GmbH|Dortmund|overseas|Jens Albers|+49 231 555 0128|14:00-17:00 CST|basic
NW-029|Northwold Parcels Ltd|Leeds|overseas|Amy Carter|+44 113 496 0129|16:00-20:00 CST|full
PS-030|Penang Semicon Sdn Bhd|Penang|overseas|Lim Wei Jie|+60 4 555 0130||none
"""
_EXPECTATIONS = {
    "YH-003": "停线清洗时间为每日 14:00-15:00，检修请安排在该时段。",
    "BY-009": "夜间作业，白天请勿来电；到场前两小时通知门卫登记。",
    "CS-017": "进入洁净区须换鞋服，维修后需出具清洁记录。",
    "TJ-019": "只使用食品级润滑脂。",
    "NW-029": "Reports in English; no visits in the four weeks before Christmas.",
}


def rows() -> list[dict[str, Any]]:
    """Return the register's rows."""
    found = []
    for line in _CUSTOMERS.strip().splitlines():
        code, name, city, region, contact, phone, hours, contract = line.split("|")
        found.append(
            {
                "code": code,
                "name": name,
                "city": city,
                "region": region,
                "contact_name": contact,
                "phone": phone,
                "email": f"service@{code.lower()}.example",
                "language": "en" if region == "overseas" else "zh",
                "preferred_hours": hours,
                "service_contract": contract,
                "expectations": _EXPECTATIONS.get(code, ""),
            }
        )
    return found
