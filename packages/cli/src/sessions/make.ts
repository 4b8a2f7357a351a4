import type { Context, Report } from "../context.js";
import { label, sessionJson } from "../describe-session.js";
import { withColloquy } from "../open-colloquy.js";
import { adapterOf } from "../providers/registry.js";
import { createSession } from "./create.js";

/** `colloquy sessions create`. */
export async function createCommand(
  context: Context,
  providerId: string,
  flags: Readonly<Record<string, unknown>>,
): Promise<Report> {
  const adapter = await adapterOf(providerId);
  return withColloquy(
    context,
    async (opened) => {
      const session = await createSession(context, opened, adapter, flags);
      const mustPair: boolean = session.has("pairing");
      const next = mustPair ? `pair ${providerId} --session ${session.id}` : `ask ${session.id} "…"`;
      context.output.note(`Next: colloquy ${next}`);
      return { fields: { session: sessionJson(session, context.output) } };
    },
    { named: [providerId] },
  );
}

/** `colloquy sessions attach`. */
export async function attachCommand(context: Context, providerId: string, remoteId: string): Promise<Report> {
  const { output, signal } = context;
  const adapter = await adapterOf(providerId);
  return withColloquy(
    context,
    async ({ colloquy }) => {
      const session = await colloquy.sessions.attach(adapter.id, remoteId, { signal });
      output.line(`Attached ${label(session)}.`);
      return { fields: { session: sessionJson(session, output) } };
    },
    { named: [providerId] },
  );
}
