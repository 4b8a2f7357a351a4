import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Child, start } from "./support/child.js";
import { canaries, type Emulated, emulated } from "./support/emulated.js";

let world: Emulated;

beforeEach(async () => {
  world = await emulated();
  for (const name of ["One", "Two"]) await world.run(["pair", "wasender", "--name", name, "--phone", canaries.phone]);
});
afterEach(() => world.close());

interface Said {
  readonly event?: string;
  readonly url?: string;
}

async function worker(
  name: string,
  ...more: readonly string[]
): Promise<{ child: Child; said: (event: string) => Said[] }> {
  const child = start(["worker", "--name", name, "--lease", "2s", "--events", ...more], world.environment);
  await child.line((line) => line.includes('"event":"working"'));
  const said = (event: string): Said[] =>
    child.output.stdout
      .split("\n")
      .flatMap((line) => (line.startsWith("{") ? [JSON.parse(line) as Said] : []))
      .filter((each) => each.event === event);
  return { child, said };
}

interface FleetJson {
  readonly workers: readonly { readonly name: string; readonly sessionCount: number }[];
  readonly sessions: readonly { readonly state: string; readonly owner?: string; readonly queued: number }[];
}

const fleet = async (): Promise<FleetJson> => JSON.parse((await world.run(["fleet", "--json"])).stdout) as FleetJson;

describe("workers on one store", () => {
  it("run its sessions, tell their health, and hand over on SIGTERM", async () => {
    const first = await worker("first", "--health-port", "0");
    await first.child.line(() => first.said("gained").length === 2);
    const { url } = first.said("working")[0] ?? {};
    expect(await (await fetch(`${url}/readyz`)).json()).toMatchObject({ ok: true, sessionCount: 2 });
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toMatch(/colloquy_worker_sessions\{.*worker="first".*\} 2/);
    expect(metrics).not.toContain(canaries.phone.slice(1));

    const second = await worker("second");
    await second.child.line((line) => line.includes('"event":"gained"'));
    const shared = await fleet();
    expect(shared.workers.map(({ name, sessionCount }) => `${name} ${sessionCount}`)).toEqual(["first 1", "second 1"]);

    first.child.process.kill("SIGTERM");
    expect((await first.child.exited).exitCode).toBe(0);
    await second.child.line(() => second.said("gained").length === 2);
    expect((await fleet()).sessions.map(({ owner }) => owner)).toEqual(["second", "second"]);
    second.child.process.kill("SIGINT");
    await second.child.exited;
    expect((await fleet()).workers).toEqual([]);
  });
});
