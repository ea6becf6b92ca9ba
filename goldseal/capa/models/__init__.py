"""Nonconformities with all that is done about them, requests to suppliers, and the counts that prove the effect."""

from goldseal.capa.models.actions import Action, ReadAcross, Reminder
from goldseal.capa.models.effects import DefectCount, EffectCheck, InspectionCount
from goldseal.capa.models.nonconformities import (
    CapaSettings,
    Containment,
    FishboneCause,
    Nonconformity,
    NonconformityCounter,
    NonconformityDefect,
    WhyStep,
)
from goldseal.capa.models.proofs import Proof
from goldseal.capa.models.scars import ReplacedLink, Scar, ScarAnswer

__all__ = [
    "Action",
    "CapaSettings",
    "Containment",
    "DefectCount",
    "EffectCheck",
    "FishboneCause",
    "InspectionCount",
    "Nonconformity",
    "NonconformityCounter",
    "NonconformityDefect",
    "Proof",
    "ReadAcross",
    "Reminder",
    "ReplacedLink",
    "Scar",
    "ScarAnswer",
    "WhyStep",
]
