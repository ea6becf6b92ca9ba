// The recording pages: entries go without reloading, survive a lost connection, and deviations show at once.
import { bindCartons } from "../record/cartons";
import { bindChecklist } from "../record/checklist";
import { bindCounter } from "../record/endline";
import { bindRecording } from "../record/page";
import { bindRolls } from "../record/rolls";
import { bindRoving } from "../record/roving";
import { bindScanning } from "../record/scan";
import { bindSheet } from "../record/sheet";

const recording = bindRecording();
bindRoving(recording);
bindCounter(recording);
bindChecklist();
bindRolls();
bindCartons();
bindSheet();
bindScanning();
