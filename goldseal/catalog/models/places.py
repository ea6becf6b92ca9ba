"""Where garments are made."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from goldseal.catalog.choices import SupplierKind
from goldseal.catalog.models.records import CatalogRecord
from goldseal.kit.promises import promise
from goldseal.workspaces.scoping import SHARED


@promise(
    "workspace", plain="is_active revision created_at updated_at", identifier="code", free_text="name address"
)
class Site(CatalogRecord):
    """A place where garments are made."""

    compartment = SHARED

    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=120)
    address = models.TextField(_("address"), max_length=400, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "code"], name="catalog_site_code")]

    def __str__(self) -> str:
        return self.name


@promise("workspace", plain="is_active revision created_at updated_at", identifier="code", free_text="name")
class Line(CatalogRecord):
    """A production line of a site."""

    compartment = SHARED

    site = models.ForeignKey(Site, models.PROTECT, related_name="lines", verbose_name=_("site"))
    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "site", "code"], name="catalog_line_code")
        ]

    def __str__(self) -> str:
        return self.name


@promise(
    "workspace",
    plain="is_active revision created_at updated_at kind",
    identifier="code",
    free_text="name contact_name contact_email contact_phone address",
)
class Supplier(CatalogRecord):
    """A mill, a trims maker or a sub-contractor whose lots are inspected; guests do not see them."""

    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("supplies"), max_length=13, choices=SupplierKind, default=SupplierKind.YARN)
    contact_name = models.CharField(_("contact person"), max_length=120, blank=True)
    contact_email = models.EmailField(_("contact e-mail"), blank=True)
    contact_phone = models.CharField(_("contact telephone"), max_length=40, blank=True)
    address = models.TextField(_("address"), max_length=400, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "code"], name="catalog_supplier_code")]

    def __str__(self) -> str:
        return self.name
