import { sha256 } from "./sha256.js";

const digest = (text: string): Uint8Array => sha256(new TextEncoder().encode(text));

/**
 * True when the signature header equals the secret. Wasender sends the secret itself, no code over the body, so a match
 * proves who sent a delivery and nothing about its freshness. Digests are compared, so the time taken tells neither length
 * nor content. False when either side is missing.
 */
export function isSignedWith(signature: string | undefined, secret: string | undefined): boolean {
  if (!signature || !secret) return false;
  return sameBytes(digest(signature), digest(secret));
}

/** Compares to the end, wherever the first difference is. */
export function sameBytes(left: ArrayLike<number>, right: ArrayLike<number>): boolean {
  let difference = left.length ^ right.length;
  for (let place = 0; place < right.length; place += 1) difference |= (left[place] ?? 0) ^ (right[place] ?? 0);
  return difference === 0;
}
