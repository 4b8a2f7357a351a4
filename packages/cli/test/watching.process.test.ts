import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { start } from "./support/child.js";
import { canaries, type Emulated, emulated } from "./support/emulated.js";

let world: Emulated;
let port: number;

beforeEach(async () => {
  world = await emulated();
  port = await freePort();
  const webhook = ["--webhook-url", `http://127.0.0.1:${port}/webhook`, "--webhook-events", "messages.received"];
  await world.run(["pair", "wasender", "--name", "Shop", "--phone", canaries.phone, ...webhook]);
});
afterEach(() => world.close());

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port: free } = server.address() as AddressInfo;
      server.close(() => resolve(free));
    });
  });
}

describe("watch", () => {
  it("--listen receives webhooks, and shows who wrote but neither the whole number nor the text", async () => {
    const child = start(["watch", "Shop", "--listen", String(port), "--events"], world.environment);
    await child.line((line) => line.includes('"event":"listening"'));
    world.emulator.wasender.receive(1, { from: canaries.recipient, text: canaries.text, name: "Ada" });
    const line = await child.line((printed) => printed.includes('"type":"message.received"'));
    expect(JSON.parse(line)).toMatchObject({
      event: "session_event",
      kind: "text",
      from: "+1555•••87",
      text: "(text of 32 characters)",
    });
    child.process.kill("SIGINT");
    expect((await child.exited).exitCode).toBe(0);
    expect(child.output.stdout).not.toContain(canaries.text);
    expect(child.output.stdout).not.toContain(canaries.recipient.slice(1));
    expect(world.emulator.wasender.deliveries.map(({ status }) => status)).toEqual([200]);
  });

  it("--listen refuses a forged delivery with 401 and stores nothing of it", async () => {
    const child = start(["watch", "Shop", "--listen", String(port), "--events"], world.environment);
    await child.line((line) => line.includes('"event":"listening"'));
    const url = `http://127.0.0.1:${port}/webhook`;
    const forged = {
      method: "POST",
      headers: { "x-webhook-signature": "guessed" },
      body: '{"event":"messages.received"}',
    };
    expect((await fetch(url, forged)).status).toBe(401);
    expect((await fetch(url)).status).toBe(405);
    await child.line((line) => line.includes('"event":"delivery_refused"'));
    child.process.kill("SIGINT");
    await child.exited;
    expect(child.output.stdout).not.toContain("message.received");
  });

  it("without options follows what another process does, and takes nothing over", async () => {
    const child = start(["watch", "Shop", "--events", "--for", "20s"], world.environment);
    await child.line((line) => line.includes('"event":"watching"'));
    const ran = world.run(["watch", "Shop", "--run", "--for", "3s", "--events"]);
    await child.line((line) => line.includes('"event":"history"') && line.includes('"to":"reconnecting"'));
    child.process.kill("SIGINT");
    expect((await child.exited).exitCode).toBe(0);
    const { exitCode, stdout } = await ran;
    expect(exitCode).toBe(0);
    expect(stdout).not.toContain("taken_over");
  });
});
