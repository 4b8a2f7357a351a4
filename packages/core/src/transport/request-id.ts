import { randomUUID } from "node:crypto";
import { type Random, systemRandom } from "../random.js";

/**
 * A name for one call. Some services treat it as a credential, so it must not be guessable: `Math.random` would be, from a few
 * earlier ones. An injected random decides instead, for tests.
 */
export function mintRequestId(random: Random): string {
  if (random === systemRandom) return randomUUID();
  const hex = (length: number): string => Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join("");
  return `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`;
}
