import type { ShowFlags } from "../commands/sessions.js";
import type { Context, Report } from "../context.js";
import { sessionJson, stateInWords } from "../describe-session.js";
import { findSession } from "../find-session.js";
import { withColloquy } from "../open-colloquy.js";
import { fieldList } from "../output/table.js";
import { adapterOf } from "../providers/registry.js";

/** `colloquy sessions show`. Keys are printed for `--reveal` only. */
export function showCommand(context: Context, reference: string, { reveal }: ShowFlags): Promise<Report> {
  const { output } = context;
  return withColloquy(context, async ({ colloquy, store }) => {
    const session = await findSession(colloquy, reference);
    const outbox = await store.outbox.count(session.id);
    const secrets = reveal ? await (await adapterOf(session.providerId)).reveal(session) : undefined;
    const { snapshot } = session;
    const nowMs = Date.now();
    output.line(session.name ?? session.id);
    output.line(
      fieldList([
        ["id", session.id],
        ["provider", `${session.providerId}, there ${session.remoteId ?? "without id"}`],
        ["state", stateInWords(session, nowMs)],
        ["account", output.address(snapshot.identity?.id)],
        ["expected", output.address(snapshot.expectedIdentity)],
        ["health", [snapshot.health.status, ...snapshot.health.signals].join(", ")],
        ["asked for", snapshot.intent],
        ["outbox", outboxInWords(outbox)],
        ...Object.entries(secrets ?? {}).map(([name, value]) => [name, value] as const),
      ]),
    );
    return { fields: { session: sessionJson(session, output), outbox, ...(secrets ? { secrets } : {}) } };
  });
}

export function outboxInWords(counts: Readonly<Record<string, number>>): string {
  const present = Object.entries(counts).filter(([, count]) => count > 0);
  return present.length === 0 ? "empty" : present.map(([state, count]) => `${count} ${state}`).join(", ");
}
