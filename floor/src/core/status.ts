// Where the work of one inspection is: exactly one of four, in words a person can trust.

export type Status =
  | { readonly kind: "phone" }
  | { readonly kind: "sending"; readonly done: number; readonly of: number }
  // The server has acknowledged every record and every photo that was made here.
  | { readonly kind: "safe" }
  // `code` sign_in: the person signs in again; refused: `reason` is the server's own sentence.
  | { readonly kind: "needs"; readonly code: "sign_in" | "refused"; readonly reason: string };

export interface Standing {
  readonly unsent: number;
  readonly refused: number;
  readonly reason: string;
  readonly mustSignIn: boolean;
  readonly sending: { readonly done: number; readonly of: number } | null;
}

export const NOTHING: Standing = { unsent: 0, refused: 0, reason: "", mustSignIn: false, sending: null };

export function statusOf(standing: Standing): Status {
  if (standing.refused) return { kind: "needs", code: "refused", reason: standing.reason };
  if (!standing.unsent) return { kind: "safe" };
  if (standing.mustSignIn) return { kind: "needs", code: "sign_in", reason: "Sign in again; everything is kept on this phone." };
  return standing.sending ? { kind: "sending", ...standing.sending } : { kind: "phone" };
}
