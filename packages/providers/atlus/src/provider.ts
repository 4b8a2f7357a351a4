import type { Provider } from "@colloquy/core/contract";
import { askFacet } from "./facets/ask.js";
import { sendFacet } from "./facets/send.js";
import { readFailure } from "./failures.js";
import { interpret } from "./interpret.js";
import {
  type AtlusSessionInput,
  attachSession,
  closeSession,
  createSession,
  lookAt,
  problemsOfSession,
} from "./lifecycle.js";
import { manifest } from "./manifest.js";
import { type AtlusOperations, operationsOf } from "./operations.js";
import { type AtlusOptions, baseUrlOf, defaultChatTimeoutMs, problemsOfOptions } from "./options.js";
import { readRateLimits } from "./rate-limits.js";

export type AtlusProvider = Provider<"atlus", AtlusOperations, AtlusSessionInput>;

/** ATLUS chat sessions. Wrong options are reported by `validateConfig`, which `createColloquy` calls. */
export function atlus(options: AtlusOptions = {}): AtlusProvider {
  const { personalAccessToken, limits, chatTimeoutMs = defaultChatTimeoutMs } = options;
  const operations = operationsOf(chatTimeoutMs);
  return {
    id: "atlus",
    manifest,
    baseUrl: baseUrlOf(options),
    credentials: personalAccessToken === undefined ? {} : { personal_access_token: personalAccessToken },
    ...(limits === undefined ? {} : { limits }),
    operations,
    validateConfig: () => problemsOfOptions(options),
    validateSession: problemsOfSession,
    create: createSession,
    attach: attachSession,
    open: (context) => lookAt(context, "reply"),
    probe: (context) => lookAt(context, "probe"),
    close: closeSession,
    interpret,
    readFailure,
    readRateLimits,
    facets: { send: sendFacet(operations.chat), ask: askFacet(operations.chat) },
  };
}
