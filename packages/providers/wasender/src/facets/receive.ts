import type { ReceiveFacet } from "@colloquy/core/contract";
import { deliveryAtMs, readDelivery } from "../events.js";
import { isSignedWith } from "../signature.js";

/** Reads the webhook. One URL serves one session; its secret is the session's. */
export const receiveFacet: ReceiveFacet = {
  secretName: "webhook_secret",
  signsHeadersOnly: true,
  verify: (delivery, secrets) => isSignedWith(delivery.headers["x-webhook-signature"], secrets["webhook_secret"]),
  read: (delivery, context) => readDelivery(delivery.body, context),
  sentAtMs: (delivery) => deliveryAtMs(delivery.body),
};
