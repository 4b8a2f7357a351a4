import type { DeleteFlags } from "../commands/sessions.js";
import type { Context, Report } from "../context.js";
import { label } from "../describe-session.js";
import { findSession } from "../find-session.js";
import { withColloquy } from "../open-colloquy.js";
import { confirm } from "../output/ask.js";
import { usageError } from "../usage-error.js";

/** `colloquy sessions delete`. */
export function deleteCommand(context: Context, reference: string, { yes, localOnly }: DeleteFlags): Promise<Report> {
  const { output, signal } = context;
  return withColloquy(context, async ({ colloquy }) => {
    const session = await findSession(colloquy, reference);
    const { id } = session;
    const where = localOnly
      ? "forgotten here, and stays at the provider"
      : "deleted at the provider and forgotten here";
    if (!yes) {
      const agreed = await confirm(output, `${label(session)} will be ${where}. Sure?`, signal);
      if (agreed === undefined) throw usageError("Deleting needs a yes.", "Add --yes: nobody can be asked here.");
      if (!agreed) throw new DOMException("Cancelled.", "AbortError");
    }
    const isGone = localOnly || session.state === "terminated";
    const state = isGone ? session.state : await session.close();
    const reason = session.snapshot.reason;
    await colloquy.sessions.forget(id);
    output.line(`${label(session)} was ${where}.`);
    if (reason === "unconfirmed") output.note("The provider did not confirm in time; look there whether it is gone.");
    return { fields: { id, state, isConfirmed: !localOnly && reason !== "unconfirmed" } };
  });
}
