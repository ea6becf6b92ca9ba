// A short sound and a short shake for a tap that counts, where the person wants them.
import { floor } from "./app";

type Kind = "ok" | "bad" | "undo";

const PITCH: Record<Kind, number> = { ok: 880, bad: 330, undo: 560 };
const SHAKE: Record<Kind, number[]> = { ok: [18], bad: [40, 50, 40], undo: [12] };
let audio: AudioContext | null = null;

export function feel(kind: Kind = "ok"): void {
  const { sound, vibration } = floor.settings.value;
  if (vibration && "vibrate" in navigator) navigator.vibrate(SHAKE[kind]);
  if (sound) blip(PITCH[kind]);
}

function blip(pitch: number): void {
  try {
    audio ??= new AudioContext();
    const [tone, loudness] = [audio.createOscillator(), audio.createGain()];
    tone.frequency.value = pitch;
    loudness.gain.setValueAtTime(0.16, audio.currentTime);
    loudness.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.09);
    tone.connect(loudness).connect(audio.destination);
    tone.start();
    tone.stop(audio.currentTime + 0.1);
  } catch {
    // A phone without sound still counts.
  }
}
