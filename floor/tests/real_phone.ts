// A phone in node that speaks with the real server over a real network.
import "fake-indexeddb/auto";
import type { Fetch } from "../src/core/http";
import { phoneOn, type Phone } from "./worlds";

export const PIN = "482913";

export interface Real extends Phone {
  isOnline: boolean;
  isRough: boolean;
}

export interface Given {
  // The server's address, and another through which it is reached while `isRough`.
  readonly calm: string;
  readonly rough?: string;
  readonly workspace: string;
  // Of a person who is signed in on the web.
  readonly cookie: string;
  readonly password: string;
  readonly offset?: number;
}

// Enrolled, with the day taken down and the statement of authority confirmed.
export async function realPhone({ calm, rough = calm, workspace, cookie, password, offset = 0 }: Given): Promise<Real> {
  const jar = new Map([["session", cookie]]);
  const network = (made: Phone): Fetch => async (input, init = {}) => {
    const { isOnline, isRough } = made as Real;
    if (!isOnline) throw new TypeError("offline");
    const { pathname, search } = new URL(input, calm);
    const headers = new Headers(init.headers);
    if (init.credentials === "same-origin") headers.set("Cookie", [...jar].map(([name, value]) => `${name}=${value}`).join("; "));
    const response = await fetch(`${isRough ? rough : calm}${pathname}${search}`, { ...init, headers });
    for (const set of response.headers.getSetCookie()) jar.set(set.split("=")[0]!, set.split(";")[0]!.split("=")[1]!);
    return response;
  };
  const made = Object.assign(phoneOn(network, { offset }), { isOnline: true, isRough: false });
  await made.floor.enrol({ workspace, pin: PIN, deviceName: `Tablet ${offset}`, password });
  await made.floor.takeDown(() => undefined);
  await made.floor.attest();
  return made;
}
