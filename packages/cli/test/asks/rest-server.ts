// The organisation's servers as a process of their own, which can be killed. Their database is a file.
import { natsPublisher, startEmulator } from "@colloquy/emulator";
import { endWithParent } from "./ends-with-parent.js";
import type { RestPlan } from "./plan.js";

endWithParent();

const { port, file, natsUrl } = JSON.parse(process.argv[2] ?? "{}") as RestPlan;
const publisher = natsPublisher(natsUrl);
const emulator = await startEmulator({
  port,
  org: { file, publish: publisher.publish, dials: { dialect: "repaired" } },
});
console.log(emulator.url);
