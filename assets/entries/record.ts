// The recording pages: entries go without reloading, survive a lost connection, and deviations show at once.
import { bindCounter } from "../record/endline";
import { bindRecording } from "../record/page";
import { bindRoving } from "../record/roving";

const recording = bindRecording();
bindRoving(recording);
bindCounter(recording);
