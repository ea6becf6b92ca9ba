// Reports: fingerprints a dropped PDF on the verification page, and copies links on a report's own page.
import { bindVerification } from "../page/verify";
import { bindCopying } from "../page/verify-copy";

bindVerification();
bindCopying();
