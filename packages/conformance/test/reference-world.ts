import type { ProviderWorld } from "@colloquy/conformance";
import {
  type ReferenceProvider,
  referenceProvider,
  ScriptedLines,
  startReferenceService,
} from "@colloquy/core/testing";

/** The reference provider in a fresh service: the model of a harness. */
export async function referenceWorld(
  change: (provider: ReferenceProvider) => ReferenceProvider = (same) => same,
): Promise<ProviderWorld> {
  const { backend, url, personalAccessToken, close } = await startReferenceService();
  const { phone } = backend;
  const lines = new ScriptedLines();
  const make = (token: string, baseUrl = url): ReferenceProvider =>
    change(referenceProvider({ baseUrl, personalAccessToken: token, connect: lines.facet }));
  return {
    provider: make(personalAccessToken),
    providerWithWrongToken: make("pat_wrong_canary"),
    misconfigured: [make(personalAccessToken, "not a url"), make("")],
    sessionInput: { name: "Shop", account: "+15550100" },
    wrongSessionInput: { account: "nobody" },
    unknownRemoteId: "s999",
    recipient: "+15550101",
    wrongMessage: { to: "canary-nobody", text: "Hello" },
    canaries: [personalAccessToken, "pat_wrong_canary", "15550100", "15550101", "canary-nobody"],
    people: {
      scan: (id) => phone.scan(id),
      scanAsAnother: (id) => phone.scan(id, "+15550199"),
      expireCode: (id) => phone.expireCode(id),
      unlink: (id) => phone.unlink(id),
      drop: (id) => phone.drop(id),
      restore: (id) => phone.restore(id),
    },
    service: {
      requestCount: () => backend.requests.length,
      messageCount: () => backend.messages.length,
      hasSession: (id) => backend.secretsOf(id) !== undefined,
    },
    asks: {
      question: { text: "Which colour?", to: "+15550101" },
      wrongQuestion: { text: "Which colour?", to: "canary-nobody" },
      answer: (id, text) => void backend.asks.answer(id, text),
      count: () => backend.asks.all.length,
      loseNextReply: () => backend.fail("lose_answer", { on: /^POST \/asks$/ }),
    },
    loseNextAnswer: () => backend.fail("lose_answer", { on: /^POST \/messages$/ }),
    beginOutage: () => backend.fail("unavailable", { times: Number.MAX_SAFE_INTEGER }),
    messageDelivery: (id) => {
      const data = { message_id: "in-1", chat: "+15550101", from: "+15550101", name: "Ada", text: "Hello" };
      return backend.delivery(id, "message", data);
    },
    dispose: close,
  };
}
