"""Buyers, places, styles, orders, stages and the defect library of a workspace."""

from goldseal.catalog.choices import Gate, OrderStatus, Severity, Zone
from goldseal.catalog.models.buyers import Buyer
from goldseal.catalog.models.library import Defect, SeverityOverride, Stage
from goldseal.catalog.models.orders import Order, OrderLine, Style
from goldseal.catalog.models.places import Line, Site
from goldseal.catalog.models.records import CatalogRecord

__all__ = [
    "Buyer",
    "CatalogRecord",
    "Defect",
    "Gate",
    "Line",
    "Order",
    "OrderLine",
    "OrderStatus",
    "Severity",
    "SeverityOverride",
    "Site",
    "Stage",
    "Style",
    "Zone",
]
