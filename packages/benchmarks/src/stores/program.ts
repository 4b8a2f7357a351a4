// One job of one store in a process of its own. Arguments: subject, job, size, folder; or `worker`, see processes.ts.

import { mkdirSync } from "node:fs";
import { colloquySubjects } from "./colloquy-subjects.js";
import { jobs } from "./jobs.js";
import { peerSubjects } from "./peer-subjects.js";
import { turnNowAndThen, warmUp } from "./timing.js";
import { messageNumber, sizesOf } from "./workload.js";

const [name = "", job = "", size = "full", folder = ""] = process.argv.slice(2);
const open = { ...colloquySubjects, ...peerSubjects }[name];
if (!open) throw new Error(`There is no store ${name}.`);
const sizes = sizesOf[size as keyof typeof sizesOf];
mkdirSync(folder, { recursive: true });

if (job === "worker") {
  const own = process.argv[6] ?? "0";
  const subject = await open(folder);
  const messages = Array.from({ length: sizes.perProcess }, (_, number) => messageNumber(number));
  await warmUp(subject, `warm_${own}`);
  process.stdout.write("ready\n");
  await new Promise((resolve) => process.stdin.once("data", resolve));
  let failed = 0;
  const startedAt = Date.now();
  for (const [number, message] of messages.entries()) {
    await subject.append("shared", { ...message, id: `${own}_${message.id}` }).catch(() => failed++);
    await turnNowAndThen(number);
  }
  const endedAt = Date.now();
  await subject.close();
  process.stdout.write(`${JSON.stringify({ failed, startedAt, endedAt })}\n`);
  process.exit(0);
} else {
  const run = jobs[job];
  if (!run) throw new Error(`There is no job ${job}.`);
  process.stdout.write(`${JSON.stringify(await run({ open, folder, sizes }))}\n`);
  process.exit(0);
}
