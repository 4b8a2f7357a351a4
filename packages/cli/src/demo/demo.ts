import type { DemoFlags } from "../commands/demo.js";
import type { Context, Report } from "../context.js";
import { exitCodes } from "../exit-codes.js";
import { closeSession } from "./close-session.js";
import { startDemoNats } from "./demo-nats.js";
import { dropNetwork } from "./drop-network.js";
import { killAndRestore } from "./kill-and-restore.js";
import { complaints, measure, tellMeasurements } from "./measure.js";
import { createNarrator } from "./narrator.js";
import { pairByQr } from "./pair-by-qr.js";
import { receiveReply } from "./receive-reply.js";
import { secondAct, secondActComplaints } from "./second-act.js";
import { sendAtPace } from "./send-at-pace.js";
import { sixLines } from "./six-lines.js";
import { openStage } from "./stage.js";
import { tellTimeline } from "./tell-timeline.js";

/** `colloquy demo`: one whole session life against the emulator. Exits with 1 when a figure is not as promised. */
export async function demoCommand(context: Context, flags: DemoFlags): Promise<Report> {
  const startedAtMs = Date.now();
  const narrator = createNarrator(context.output);
  const nats = startDemoNats(context);
  const stage = await openStage(context, flags, narrator, nats.publish);
  try {
    for (const section of [
      pairByQr,
      sendAtPace,
      receiveReply,
      dropNetwork,
      killAndRestore,
      tellTimeline,
      closeSession,
    ]) {
      context.signal.throwIfAborted();
      await section(stage);
    }
    const measurements = measure(stage, Date.now() - startedAtMs);
    const act = await secondAct(stage, nats);
    const bad = [...complaints(measurements), ...secondActComplaints(act)];
    narrator.section("The same in six lines of TypeScript");
    for (const line of sixLines) narrator.say(line);
    tellMeasurements(measurements, bad, narrator);
    return {
      fields: { measurements, secondAct: act, complaints: bad },
      exitCode: bad.length === 0 ? exitCodes.done : exitCodes.failed,
    };
  } finally {
    await stage.close();
    await nats.close();
  }
}
