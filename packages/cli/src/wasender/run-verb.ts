import type { Session } from "@colloquy/core";
import { ColloquyError } from "@colloquy/core/contract";
import type { WasenderProvider } from "@colloquy/wasender";
import type { Context, Report } from "../context.js";
import { findSession } from "../find-session.js";
import { type Opened, withColloquy } from "../open-colloquy.js";
import type { Flags, VerbCall } from "./call.js";
import { contactCalls } from "./calls/contacts.js";
import { groupCalls } from "./calls/groups.js";
import { logCalls } from "./calls/logs.js";
import { mediaCalls } from "./calls/media.js";
import { memberCalls } from "./calls/members.js";
import { webhookCalls } from "./calls/webhook.js";
import { tell } from "./tell.js";
import type { VerbName } from "./verbs.js";

/** Each command of the table; the compiler misses one that is forgotten. */
const calls: Readonly<Record<VerbName, VerbCall>> = {
  ...contactCalls,
  ...groupCalls,
  ...memberCalls,
  ...mediaCalls,
  ...logCalls,
  ...webhookCalls,
};

export function runVerb(
  context: Context,
  name: VerbName,
  reference: string,
  args: readonly (string | readonly string[] | undefined)[],
  flags: Flags,
): Promise<Report> {
  return withColloquy(context, async (opened) => {
    const { provider: api } = await wasenderSession(opened, reference);
    return tell(context.output, await calls[name]({ context, api, args, flags }));
  });
}

/** The session that is meant, which must be one of this provider. */
export async function wasenderSession({ colloquy }: Opened, reference: string): Promise<Session<WasenderProvider>> {
  const session = await findSession(colloquy, reference);
  if (session.providerId === "wasender") return session as Session<WasenderProvider>;
  throw new ColloquyError({
    code: "UNSUPPORTED",
    message: `This is a session of ${session.providerId}; the command is for those of wasender.`,
    userAction: "Name another session: `colloquy sessions list`.",
    sessionId: session.id,
    providerId: session.providerId,
  });
}
