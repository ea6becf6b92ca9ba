// What the core says no with.

// Nobody has unlocked; what is on this device stays closed.
export class Locked extends Error {
  constructor() {
    super("Unlock with your PIN first");
  }
}

// It cannot be done as things stand; the sentence says why.
export class Refused extends Error {}
