// The recording pages: entries go without reloading, survive a lost connection, and deviations show at once.
import { bindRecording } from "../record/page";

bindRecording();
