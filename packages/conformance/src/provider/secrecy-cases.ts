import assert from "node:assert/strict";
import { isColloquyError, renderExplanation, type Session } from "@colloquy/core";
import type { ProviderCase, ProviderCaseContext } from "./provider-case.js";

const text = "canary-text that nobody may print";

/** Everything that an error would show, however it is printed. */
function shown(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const fields = isColloquyError(error) ? JSON.stringify(error) : "";
  return [error.message, error.stack ?? "", fields, error.cause === undefined ? "" : shown(error.cause)].join("\n");
}

async function failingCalls(context: ProviderCaseContext, session: Session): Promise<unknown[]> {
  const { world, provider, colloquy } = context;
  const calls: Promise<unknown>[] = [
    colloquy(world.providerWithWrongToken).sessions.create(provider.id, world.sessionInput),
    colloquy().sessions.create(provider.id, world.wrongSessionInput),
    session.restart(),
  ];
  if (provider.facets.edit) calls.push(session.edit("999999", text));
  if (provider.facets.send) {
    calls.push(session.send(world.wrongMessage));
    world.beginOutage();
    calls.push(session.send({ to: world.recipient, text }));
  }
  const settled = await Promise.allSettled(calls);
  return settled.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []));
}

export const secrecyCases: readonly ProviderCase[] = [
  {
    title: "no token, key, code or text is in an error, a log line or an explanation",
    needs: "beginOutage",
    run: async (context) => {
      const artefacts: string[] = [];
      const session = await context.created();
      if (context.provider.facets.pairing)
        for await (const challenge of session.pair()) {
          artefacts.push(challenge.artefact);
          await context.world.people.scan(session.remoteId as string);
        }
      else await session.start();
      await session.waitFor(context.world.standsAs ?? "connected", { timeoutMs: 4_000 });
      const secrets = Object.values(await context.store.secrets.get(session.id));
      const errors = await failingCalls(context, session);
      assert.ok(errors.length >= 3, "the calls that should fail do fail");
      const explanation = await session.explain();
      const told = [
        ...errors.map(shown),
        ...context.log,
        JSON.stringify(await context.store.log.read(session.id)),
        JSON.stringify(explanation),
        renderExplanation(explanation),
      ].join("\n");
      for (const canary of [...context.world.canaries, ...secrets, ...artefacts, text])
        assert.ok(
          !told.includes(canary),
          `"${canary.slice(0, 4)}…" is told in ${told.slice(Math.max(0, told.indexOf(canary) - 80), told.indexOf(canary))}`,
        );
    },
  },
];
