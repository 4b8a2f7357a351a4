import { setTimeout as pause } from "node:timers/promises";
import type { Session } from "@colloquy/ssm";
import type { Banner } from "./banner.js";

// Whoever ends a session may do so because nothing answers any more.
const longestMs = 2_000;

/** Ends the session at the service too, where that is possible, but waits only so long for it. Never rejects. */
export async function endSession(session: Session, banner: Banner): Promise<void> {
  const asked = session.terminate().catch((error: unknown) => {
    banner.detail(`The session could not be ended: ${error instanceof Error ? error.message : "unknown error"}`);
    return session.close();
  });
  await Promise.race([asked, pause(longestMs, undefined, { ref: false })]);
  // A request that hangs must not hold the process: this fires only if something still does.
  setTimeout(() => process.exit(), longestMs).unref();
}
