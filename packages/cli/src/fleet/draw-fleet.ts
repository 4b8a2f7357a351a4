import { inWords } from "../durations.js";
import { table } from "../output/table.js";
import type { Fleet } from "./look-at-fleet.js";

/** The fleet as a person reads it. */
export function drawFleet({ workers, sessions }: Fleet, store: string): string {
  const lines: string[] = [];
  if (workers.length === 0) lines.push(`No worker runs on ${store}. Start one: colloquy worker`);
  else
    lines.push(
      table(
        ["WORKER", "UP FOR", "SESSIONS"],
        workers.map(({ name, upForMs, sessionCount }) => [name, inWords(upForMs), String(sessionCount)]),
      ),
    );
  if (sessions.length > 0)
    lines.push(
      "",
      table(
        ["SESSION", "NAME", "PROVIDER", "STATE", "PROOF", "WORKER", "EPOCH", "QUEUED", "UNKNOWN", "LIMIT"],
        sessions.map(({ id, name = "", provider, state, proofAgeMs, owner = "", epoch, queued, unknown, tightest }) => [
          id,
          name,
          provider,
          state,
          proofAgeMs === undefined ? "" : inWords(proofAgeMs),
          owner,
          String(epoch),
          String(queued),
          String(unknown),
          tightest ? `${tightest.bucket} ${tightest.remaining}/${tightest.limit}` : "",
        ]),
      ),
    );
  return lines.join("\n");
}
