"""What inspections tell lower rooms: a buyer guest sees the photos of the own buyer's inspections."""

from goldseal.files.access import declare_attachment_access
from goldseal.inspections.page_selectors import attachments_seen

declare_attachment_access(attachments_seen)
