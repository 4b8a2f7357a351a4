import type { Session } from "@colloquy/core";
import type { Context, Report } from "../context.js";
import type { Opened } from "../open-colloquy.js";

/** Cancels what is stored and was never on the wire. */
export async function discard({ output }: Context, { store }: Opened, session: Session): Promise<Report> {
  let discarded = 0;
  for (;;) {
    const rows = await store.outbox.list(session.id, { states: ["queued"] });
    if (rows.length === 0) break;
    for (const { id } of rows) {
      const error = { code: "CANCELLED", message: "Discarded from the command line.", outcome: "not_attempted" };
      const moved = await store.outbox.move(session.id, id, ["queued"], {
        state: "cancelled",
        error,
        settledAtMs: Date.now(),
      });
      if (moved) discarded += 1;
    }
  }
  output.line(discarded === 0 ? "Nothing was queued." : `Cancelled ${discarded} messages; none of them was sent.`);
  return { fields: { discarded, outbox: await store.outbox.count(session.id) } };
}
