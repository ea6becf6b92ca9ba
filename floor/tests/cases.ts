// The cases that the rules here and those of the server are both held to.
import { readFileSync } from "node:fs";

export function cases<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../cases/${name}.json`, import.meta.url), "utf8")) as T;
}
