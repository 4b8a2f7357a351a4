import assert from "node:assert/strict";
import type { Capability, Session } from "@colloquy/core";
import { failure } from "./expect.js";
import type { ProviderCase, ProviderCaseContext } from "./provider-case.js";
import { vary, without } from "./vary.js";

type Try = (session: Session, context: ProviderCaseContext) => Promise<unknown>;

const tries: Readonly<Record<Capability, Try>> = {
  pairing: (session) => session.pair()[Symbol.asyncIterator]().next(),
  send: (session, { world }) => session.send({ to: world.recipient, text: "Hello" }),
  edit: (session) => session.edit("1", "Hello"),
  presence: (session, { world }) => session.setPresence(world.recipient, "composing"),
  receive: (session) => session.receive({ headers: {}, body: new Uint8Array() }),
  connect: (session) => session.connection(),
  converse: (_session, { colloquy, provider }) =>
    colloquy(without(provider, "converse")).conversations.execute("con_any", {
      prompt: "Hello",
      providerId: provider.id,
    }),
  ask: (session, { world }) => session.ask({ to: world.recipient, text: "May I?" }),
};

/** What must be missing together: a question goes out as a message where the provider has no way of its own. */
const together: Readonly<Partial<Record<Capability, readonly Capability[]>>> = { ask: ["ask", "receive"] };

/** The other direction of every capability: what is not declared is refused, and the provider never hears of it. */
export const capabilityCases: readonly ProviderCase[] = [
  ...Object.entries(tries).map(
    ([capability, attempt]): ProviderCase => ({
      title: `without "${capability}" it is refused as UNSUPPORTED, with nothing on the wire`,
      run: async (context) => {
        const absent = together[capability as Capability] ?? [capability as Capability];
        const session = await context.created(absent.reduce(without, context.provider));
        assert.equal(session.has(capability as Capability), false);
        const before = context.world.service.requestCount();
        await failure(attempt(session, context), "UNSUPPORTED", capability);
        assert.equal(context.world.service.requestCount(), before, "requests that reached the service");
      },
    }),
  ),
  {
    title: "without a logout it is refused as UNSUPPORTED, with nothing on the wire",
    run: async (context) => {
      const session = await context.created(vary(context.provider, { logout: undefined } as never));
      const before = context.world.service.requestCount();
      await failure(session.logout(), "UNSUPPORTED", "logout");
      assert.equal(context.world.service.requestCount(), before);
    },
  },
  {
    title: "what it declares is what its sessions have",
    run: async (context) => {
      const session = await context.created();
      for (const capability of Object.keys(tries) as Capability[])
        assert.equal(session.has(capability), context.provider.facets[capability] !== undefined, capability);
    },
  },
];
