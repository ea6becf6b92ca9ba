// The questions of an audit: answers go in place, a wrong one opens its finding, what cannot be sent stays typed.
import { bindAudit } from "../record/audit";

bindAudit();
