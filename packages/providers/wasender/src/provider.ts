import type { Provider } from "@colloquy/core/contract";
import { pairingFacet } from "./facets/pairing.js";
import { receiveFacet } from "./facets/receive.js";
import { editFacet, presenceFacet, sendFacet } from "./facets/send.js";
import { readFailure } from "./failures.js";
import { interpret } from "./interpret.js";
import { attachSession, closeSession, createSession, logoutSession, openSession, probeSession } from "./lifecycle.js";
import { manifest } from "./manifest.js";
import { problemsOfSession, type WasenderSessionInput } from "./operations/sessions/session-input.js";
import { operations, type WasenderOperations } from "./operations.js";
import { baseUrlOf, limitsInForce, problemsOfOptions, type WasenderOptions } from "./options.js";
import { readRateLimits } from "./rate-limits.js";

export type WasenderProvider = Provider<"wasender", WasenderOperations, WasenderSessionInput>;

/** WhatsApp sessions over the Wasender HTTP API. Wrong options are reported by `validateConfig`, which `createColloquy` calls. */
export function wasender(options: WasenderOptions = {}): WasenderProvider {
  const { personalAccessToken, linkMethod } = options;
  const limits = limitsInForce(options);
  return {
    id: "wasender",
    manifest,
    baseUrl: baseUrlOf(options),
    credentials: personalAccessToken === undefined ? {} : { personal_access_token: personalAccessToken },
    ...(limits === undefined ? {} : { limits }),
    operations,
    validateConfig: () => problemsOfOptions(options),
    validateSession: problemsOfSession,
    create: createSession,
    attach: attachSession,
    open: (context, { pairing }) => openSession(context, pairing, linkMethod),
    probe: probeSession,
    close: closeSession,
    logout: logoutSession,
    interpret,
    readFailure,
    readRateLimits,
    facets: {
      pairing: pairingFacet(linkMethod),
      send: sendFacet,
      edit: editFacet,
      presence: presenceFacet,
      receive: receiveFacet,
    },
  };
}
