"""The demo plant: a maker of conveyors with its people, registers and forty cases on their way through both loops.

Everything is made by the real commands at moments of the last weeks; no row is written past them.
"""

from web.demo.people import PASSWORD, PEOPLE, password_is_known
from web.demo.plant import HalfMade, fill

__all__ = ["PASSWORD", "PEOPLE", "HalfMade", "fill", "password_is_known"]
