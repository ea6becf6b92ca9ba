// Who can unlock this device: holders, their PINs and tokens.
import type { Store } from "./store";
import type { Holder } from "./types";
import { ITERATIONS, TRIES, unwrap, Vault, wrap, WrongPin, type Released } from "./vault";

export interface Enrolled extends Released {
  readonly person: { readonly id: string; readonly name: string; readonly language: string };
  readonly token: string;
}

export class Pins {
  constructor(
    private readonly store: Store,
    private readonly iterations = ITERATIONS,
  ) {}

  async holders(): Promise<Holder[]> {
    const rows = await this.store.holders.toArray();
    return rows.map((row) => ({ id: row.personId, name: row.name, left: row.wrapped ? TRIES - row.wrong : 0, mustSignIn: row.mustSignIn }));
  }

  // The token is sealed by the device's key, not by the PIN: one person's records go out while another has unlocked.
  // What signs stays under the person's own PIN.
  async add({ person, token, device_key, sign_key }: Enrolled, pin: string): Promise<Vault> {
    const vault = await Vault.of(device_key);
    await this.store.holders.put({
      personId: person.id,
      name: person.name,
      language: person.language,
      wrapped: await wrap({ device_key, sign_key }, pin, person.id, this.iterations),
      wrong: 0,
      token: await vault.sealJson(token, `token ${person.id}`),
      mustSignIn: false,
    });
    return vault;
  }

  // The try is counted before it is made, so that ending the app in between gains nothing.
  async open(personId: string, pin: string): Promise<Released> {
    const wrapped = await this.counted(personId);
    if (!wrapped) throw new WrongPin(0);
    const released = await unwrap(wrapped.wrapped, pin, personId);
    if (released) {
      await this.store.holders.update(personId, { wrong: 0 });
      return released;
    }
    if (wrapped.left === 0) await this.store.holders.update(personId, { wrapped: null });
    throw new WrongPin(wrapped.left);
  }

  private async counted(personId: string) {
    return this.store.transaction("rw", this.store.holders, async () => {
      const row = await this.store.holders.get(personId);
      if (!row?.wrapped) return null;
      if (row.wrong >= TRIES) {
        await this.store.holders.update(personId, { wrapped: null });
        return null;
      }
      await this.store.holders.update(personId, { wrong: row.wrong + 1 });
      return { wrapped: row.wrapped, left: TRIES - row.wrong - 1 };
    });
  }
}
