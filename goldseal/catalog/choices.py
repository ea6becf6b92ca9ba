"""The coded choices of the catalog (severities, zones, families, states, gates) and which language is shown."""

from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _


def in_language(english: str, bangla: str) -> str:
    """The Bangla text on a Bangla page where there is one, else the English one."""
    return bangla if bangla and (get_language() or "").startswith("bn") else english or bangla


class Severity(models.TextChoices):
    """How grave a defect is (DOMAIN §9)."""

    CRITICAL = "critical", _("Critical")
    MAJOR = "major", _("Major")
    MINOR = "minor", _("Minor")


class Zone(models.TextChoices):
    """Where on the garment: A is what the customer sees first, C what nobody sees when it is worn."""

    A = "A", _("Zone A")
    B = "B", _("Zone B")
    C = "C", _("Zone C")


class InspectionType(models.TextChoices):
    """Kind of inspection of ISO 2859-1 clause 9 that a buyer's orders start with."""

    NORMAL = "normal", pgettext_lazy("inspection", "Normal")
    TIGHTENED = "tightened", pgettext_lazy("inspection", "Tightened")
    REDUCED = "reduced", pgettext_lazy("inspection", "Reduced")


class CountBy(models.TextChoices):
    """What is compared with Ac and Re."""

    DEFECTIVES = "defectives", _("Defective pieces, each once under its worst defect")
    DEFECTS = "defects", _("Defects, every one")


class SampleBasis(models.TextChoices):
    """Which pieces a severity is judged on where its plan is smaller than the drawn sample."""

    DRAWN = "drawn", _("All pieces drawn (stricter)")
    OWN_PLAN = "own_plan", _("Only the pieces of its own plan")


class CartonRule(models.TextChoices):
    """How many cartons are opened at least."""

    SQUARE_ROOT = "square_root", _("Square root of all cartons, rounded up")


class ProductFamily(models.TextChoices):
    """The two ways garments are made here (DOMAIN §1)."""

    SWEATER = "sweater", _("Sweater (flat knit, linked)")
    CUT_AND_SEW = "cut_and_sew", _("Cut and sew knit")


class OrderStatus(models.TextChoices):
    """Where an order stands."""

    OPEN = "open", pgettext_lazy("order", "Open")
    SHIPPED = "shipped", pgettext_lazy("order", "Shipped")
    CANCELLED = "cancelled", pgettext_lazy("order", "Cancelled")


class Method(models.TextChoices):
    """How a stage is inspected; each method has its own entry page and its own rules (DOMAIN §2)."""

    CHECKLIST = "checklist", _("Checklist")
    AQL = "aql", _("Acceptance sampling (AQL)")
    ROVING = "roving", _("Roving rounds, traffic light")
    ENDLINE = "endline", _("Hundred per cent, counted by the hour")
    FOUR_POINT = "four_point", _("Fabric, four-point system")
    MEASUREMENT = "measurement", _("Measurement")
    METAL = "metal", _("Metal detection and broken needles")
    PACKING = "packing", _("Packing and cartons")


class SamplingScheme(models.TextChoices):
    """Whether a lot is judged on one sample or, where it is close, on a second one."""

    SINGLE = "single", _("Single sampling")
    DOUBLE = "double", _("Double sampling")


class TighterRow(models.TextChoices):
    """In which row of the table the next tighter AQL is read for the switching score (ISO 2859-1, 9.3.3.2)."""

    PLAN = "plan", _("the row of the plan that was used")
    CODE_LETTER = "code_letter", _("the row of the lot's code letter")


class ReportLanguage(models.TextChoices):
    """In which language a buyer's reports are written."""

    ENGLISH = "en", _("English")
    BANGLA = "bn", _("Bangla")
    BOTH = "en+bn", _("English and Bangla")


class HoleRule(models.TextChoices):
    """How holes in fabric are counted (DOMAIN §3)."""

    BY_SIZE = "by_size", _("2 points up to 1 inch, 4 above")
    ALWAYS_FOUR = "always_four", _("4 points for every hole")


class SupplierKind(models.TextChoices):
    """What comes from a supplier."""

    YARN = "yarn", _("Yarn")
    FABRIC = "fabric", _("Fabric")
    TRIMS = "trims", _("Trims and labels")
    SUBCONTRACTOR = "subcontractor", _("Sub-contracted work")


class Wash(models.TextChoices):
    """Whether a measurement chart speaks of the garment before or after washing."""

    NONE = "", _("No wash")
    BEFORE = "before", _("Before wash")
    AFTER = "after", _("After wash")


class LengthUnit(models.TextChoices):
    """Units of a measurement chart."""

    CM = "cm", _("cm")
    INCH = "in", _("inch")
    MM = "mm", _("mm")


class Gate(models.TextChoices):
    """What a stage does to the work that comes after it (DOMAIN §2)."""

    HARD = "hard", _("Hard gate: nothing passes without it")
    GATE = "gate", _("Gate: a decision is needed first")
    HOLD = "hold", _("Hold: work waits while it fails")
    LIGHT = "light", _("Traffic light: green, yellow, red")
    NONE = "none", _("No gate: recorded only")


class DefectFamily(models.TextChoices):
    """The eight families of the defect library (DOMAIN §9)."""

    KNITTING = "KN", _("Knitting and yarn")
    SEWING = "SW", _("Linking and sewing")
    FABRIC = "FC", _("Fabric and colour")
    MEASUREMENT = "MS", _("Measurement")
    TRIMS = "TL", _("Trims and labels")
    SAFETY = "SF", _("Safety")
    FINISHING = "FN", _("Finishing and wash")
    PACKING = "PK", _("Packing")


class AnswerKind(models.TextChoices):
    """How a question of a checklist is answered."""

    YES_NO_NA = "yes_no_na", _("Yes, no or not applicable")
    NUMBER = "number", _("A number")
    CHOICE = "choice", _("One of several answers")
    TEXT = "text", _("Words")
    PHOTO = "photo", _("A photo")
    BARCODE = "barcode", _("A barcode")


class FailMeans(models.TextChoices):
    """What a failing answer does to its section."""

    FAIL = "fail", _("Its part of the inspection fails")
    HOLD = "hold", _("The lot is held until somebody decides")


class PhotoRule(models.TextChoices):
    """When an answer needs a photo."""

    NEVER = "", _("No photo needed")
    ALWAYS = "always", _("Always with a photo")
    ON_FAIL = "on_fail", _("With a photo where it fails")


class ChecklistSection(models.TextChoices):
    """The parts of an inspection, as its report prints them (DOMAIN §5)."""

    QUANTITY = "quantity", _("Quantity and production status")
    SHIPPING_MARKS = "shipping_marks", _("Shipping marks")
    CONFORMITY = "conformity", _("Product conformity")
    PACKING = "packing", _("Packing and assortment")
    LABELLING = "labelling", _("Labelling and marking")
    WORKMANSHIP = "workmanship", _("Workmanship")
    MEASUREMENT = "measurement", pgettext_lazy("section", "Measurement")
    ONSITE_TESTS = "onsite_tests", _("On-site tests")
    SPECIAL = "special", _("Special points")
    REMARKS = "remarks", pgettext_lazy("section", "Remarks")


class AuditSection(models.TextChoices):
    """The parts of an audit of a site, a line or a supplier."""

    DOCUMENTS = "documents", _("Documents and responsibilities")
    INCOMING = "incoming", _("Incoming goods and suppliers")
    PROCESS = "process", _("Process control on the line")
    MEASURING = "measuring", _("Measuring and calibration")
    NONCONFORMING = "nonconforming", _("Nonconforming goods and corrective action")
    PRODUCT_SAFETY = "product_safety", _("Product safety: needles, metal, mould")
