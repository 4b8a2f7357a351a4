import type { Session } from "@colloquy/core";
import type { Context } from "../context.js";
import type { Opened } from "../open-colloquy.js";
import { ask } from "../output/ask.js";
import type { ProviderAdapter } from "../providers/provider-adapter.js";
import { usageError } from "../usage-error.js";

type Flags = Readonly<Record<string, unknown>>;

/** Makes a session from options, asking for what is missing where somebody can be asked. */
export async function createSession(
  context: Context,
  opened: Opened,
  adapter: ProviderAdapter,
  flags: Flags,
): Promise<Session> {
  const { output } = context;
  const complete: Record<string, unknown> = { ...flags };
  for (const { option, question } of adapter.questions(flags)) {
    const answer = await ask(output, question, context.signal);
    if (answer === undefined)
      throw usageError(
        `The option --${option} is missing.`,
        `Give --${option}, or --session to use a session that exists.`,
      );
    complete[option] = answer;
  }
  // Not cut short by Ctrl-C: half a creation would leave a session at the provider that nobody here knows.
  const session: Session = await opened.colloquy.sessions.create(adapter.id, adapter.sessionInput(complete));
  output.event("session_created", { sessionId: session.id, remoteId: session.remoteId });
  output.line(`Created session ${session.id} at ${adapter.id} (there: ${session.remoteId ?? "no id yet"}).`);
  context.signal.throwIfAborted();
  return session;
}
