import type { ReadDelivery, ReceiveFacet } from "@colloquy/core/contract";
import { readEnvelope } from "../events.js";
import { isSignedWith } from "../signature.js";

/** Reads the webhook. One URL serves one session; its secret is the session's. */
export const receiveFacet: ReceiveFacet = {
  verify: (delivery, secrets) => isSignedWith(delivery.headers["x-webhook-signature"], secrets["webhook_secret"]),
  read: (delivery): ReadDelivery => readEnvelope(delivery.body),
};
