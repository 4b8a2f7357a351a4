import { describe, expect, it } from "vitest";
import { fairWeather, type Weather } from "../support/network.js";
import { seededBytes, setting } from "../support/setting.js";

const storm: Weather = { dropped: 0.3, duplicated: 0.15, acknowledgementsLost: 0.4, shortestMs: 3, longestMs: 40 };
const seed = Number(process.env["SSM_WEATHER_SEED"] ?? 20_261_121);

async function collect(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe(`a stream in bad weather (SSM_WEATHER_SEED=${seed})`, () => {
  it("brings 2 MB of output exactly, over five cuts with a new token each", { timeout: 60_000 }, async () => {
    const scene = setting(seed, { window: 150 });
    const sent = seededBytes(seed, 2_000_000);
    scene.agent.output(sent);
    const session = await scene.open();
    scene.network.weather = storm;
    const shell = session.shell();
    let cuts = 0;
    let received = 0;
    shell.on("data", (chunk: Buffer) => {
      received += chunk.length;
      if (cuts < 5 && scene.network.isOpen && received > ((cuts + 1) * sent.length) / 6) {
        cuts++;
        scene.network.cut();
      }
    });
    const output = collect(shell);
    scene.agent.onIdle = () => {
      scene.network.weather = fairWeather;
      scene.agent.closeChannel();
    };
    const got = await scene.passing(output);
    expect(cuts).toBe(5);
    expect(got.equals(sent)).toBe(true);
    expect(scene.agent.opens.map((open) => open["TokenValue"])).toEqual([
      "token-0",
      "token-1",
      "token-2",
      "token-3",
      "token-4",
      "token-5",
    ]);
    expect(session.counters.duplicateFrames).toBeGreaterThan(100);
  });

  it("brings 2 MB of input exactly, over five cuts with a new token each", { timeout: 60_000 }, async () => {
    const scene = setting(seed + 1);
    const sent = seededBytes(seed, 2_000_000);
    scene.agent.output(Buffer.from("$ "));
    const session = await scene.open({ limits: { windowFrames: 200 } });
    scene.network.weather = storm;
    const shell = session.shell({ sendsEndOfInput: false });
    shell.resume();
    let cuts = 0;
    let received = 0;
    scene.agent.onInput = ({ payloadType, payload }) => {
      if (payloadType === 1) received += payload.length;
      if (cuts < 5 && scene.network.isOpen && received > ((cuts + 1) * sent.length) / 6) {
        cuts++;
        scene.network.cut();
      }
    };
    for (let from = 0; from < sent.length; from += 50_000) shell.write(sent.subarray(from, from + 50_000));
    await scene.clock.runUntil(() => received === sent.length, { limitMs: 600_000 });
    expect(cuts).toBe(5);
    expect(scene.agent.typed.equals(sent)).toBe(true);
    expect(session.counters.resentFrames).toBeGreaterThan(100);
    await scene.passing(session.close());
  });
});
