import type { Call } from "../call.js";

/** How a session ends; linking by passkey needs one that is not linked. */
export const endingCalls: readonly Call[] = [
  {
    route: "POST /whatsapp-sessions/{id}/disconnect",
    theirs: ({ theirs }) => theirs.disconnectWhatsAppSession(1),
    ours: ({ ours }) => ours.sessions.disconnect(),
  },
  {
    route: "POST /whatsapp-sessions/{id}/connect",
    what: "by passkey",
    ours: ({ ours }) => ours.sessions.connect({ linkMethod: "passkey" }),
  },
  { route: "GET /whatsapp-sessions/{id}/passkey-token", ours: ({ ours }) => ours.sessions.passkeyToken() },
  {
    route: "POST /passkey/response",
    mayFail: true,
    ours: ({ account }) =>
      account.sessions.respondToPasskey({
        token: "made-up",
        requestId: "made-up",
        credential: {
          id: "AA",
          rawId: "AA",
          response: { clientDataJSON: "e30", authenticatorData: "AA", signature: "AA" },
        },
      }),
  },
  {
    route: "POST /whatsapp-sessions/{id}/regenerate-key",
    theirs: ({ theirs }) => theirs.regenerateApiKey(1),
    ours: ({ ours }) => ours.sessions.regenerateKey({ oldKeyDies: true }),
  },
  {
    route: "DELETE /whatsapp-sessions/{id}",
    theirs: ({ theirs }) => theirs.deleteWhatsAppSession(1),
    ours: ({ account }) => account.sessions.remove({ id: 1 }),
  },
];
