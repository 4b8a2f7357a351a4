import { createHash, timingSafeEqual } from "node:crypto";

const digest = (text: string): Buffer => createHash("sha256").update(text, "utf8").digest();

/**
 * True when the signature header equals the secret. Wasender sends the secret itself, no code over the body, so a match
 * proves who sent a delivery and nothing about its freshness. Digests are compared, so the time taken tells neither length
 * nor content. False when either side is missing.
 */
export function isSignedWith(signature: string | undefined, secret: string | undefined): boolean {
  if (!signature || !secret) return false;
  return timingSafeEqual(digest(signature), digest(secret));
}
