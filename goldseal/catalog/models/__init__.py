"""Buyers, places, styles, orders, stages and the defect library of a workspace."""

from goldseal.catalog.choices import Gate, Method, OrderStatus, Severity, Wash, Zone
from goldseal.catalog.models.buyers import AQL_CHOICES, Buyer
from goldseal.catalog.models.imports import DateOrder, ImportMapping, ImportRun, ImportState
from goldseal.catalog.models.library import (
    BuyerStageRule,
    ChecklistTemplate,
    ChecklistVersion,
    Defect,
    DefectPicture,
    SeverityOverride,
    Stage,
)
from goldseal.catalog.models.orders import MeasurementChart, Order, OrderLine, Style
from goldseal.catalog.models.places import Line, Site, Supplier
from goldseal.catalog.models.records import CatalogRecord

__all__ = [
    "AQL_CHOICES",
    "Buyer",
    "BuyerStageRule",
    "CatalogRecord",
    "ChecklistTemplate",
    "ChecklistVersion",
    "DateOrder",
    "Defect",
    "DefectPicture",
    "Gate",
    "ImportMapping",
    "ImportRun",
    "ImportState",
    "Line",
    "MeasurementChart",
    "Method",
    "Order",
    "OrderLine",
    "OrderStatus",
    "Severity",
    "SeverityOverride",
    "Site",
    "Stage",
    "Style",
    "Supplier",
    "Wash",
    "Zone",
]
