// What the limit of a session weighs while it is idle, after one send. Arguments: subject, sessions.

import { createTransport } from "@colloquy/core/transport";
import Bottleneck from "bottleneck";
import { descriptiveProvider, sendOperation } from "../subjects/descriptive-provider.js";
import { printFigures } from "./measure.js";
import { settledBytes, timersArmed } from "./memory.js";

const spacing = { scope: "session", shape: "spacing", limit: 1, windowMs: 5_000 } as const;
const answer = async (config: unknown): Promise<unknown> => ({
  status: 200,
  statusText: "OK",
  headers: {},
  data: Buffer.from("{}"),
  config,
});

const kinds: Readonly<Record<string, () => { readonly send: (session: string) => Promise<unknown> }>> = {
  Colloquy: () => {
    const transport = createTransport({ adapter: answer as never });
    const provider = descriptiveProvider("http://127.0.0.1:9", [spacing], true);
    const operation = sendOperation(true);
    const input = { to: "somebody", text: "text" };
    const secrets = async () => ({});
    const send = (id: string) =>
      transport.execute({ provider, operation, input, session: { id, settings: {}, secrets } });
    return { send };
  },
  "Bottleneck.Group": () => {
    const group = new Bottleneck.Group({ minTime: 5_000 });
    return { send: (session) => group.key(session).schedule(async () => {}) };
  },
};

const [name = "", sessions = "0"] = process.argv.slice(2);
const count = Number(sessions);
const kind = kinds[name]?.();
if (!kind) throw new Error(`There is no subject "${name}".`);
const ids = Array.from({ length: count }, (_, place) => `ses_${String(place).padStart(26, "0")}`);
await kind.send("ses_first");

const before = await settledBytes();
for (let place = 0; place < count; place += 64)
  await Promise.all(ids.slice(place, place + 64).map((id) => kind.send(id)));
const after = await settledBytes();
printFigures({ bytesEach: (after - before) / count, timers: timersArmed() });
process.exit();
