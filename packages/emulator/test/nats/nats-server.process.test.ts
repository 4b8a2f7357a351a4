import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { findNatsServer, NatsServerMissing, natsServer } from "../../src/index.js";
import { unpackNatsServer } from "../../src/nats/find-nats-server.js";

const file = await findNatsServer().catch((error: unknown) => {
  console.info(`SKIP tests over a real nats-server: ${error instanceof Error ? error.message : "none found"}`);
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "colloquy-nats-test-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

function script(where: string, name: string, lines: string): string {
  const made = join(where, name);
  writeFileSync(made, `#!/bin/sh\n${lines}\n`);
  chmodSync(made, 0o755);
  return made;
}

/** A subscriber that speaks the protocol by hand and collects the lines that arrive. */
async function listen(port: number, login: string, subject: string): Promise<string[]> {
  const lines: string[] = [];
  const socket = connect(port, "127.0.0.1").on("error", () => undefined);
  onTestFinished(() => void socket.destroy());
  socket.write(`CONNECT {"verbose":false,${login}}\r\nSUB ${subject} 1\r\nPING\r\n`);
  await new Promise<void>((resolve) => {
    createInterface(socket).on("line", (line) => (line === "PONG" ? resolve() : lines.push(line)));
  });
  return lines;
}

describe("finding a nats-server", () => {
  it("takes the one that is named, or says that it is none", async () => {
    const named = script(folder(), "mine", "exit 0");
    expect(await findNatsServer({ environment: { NATS_SERVER_BIN: named } })).toBe(named);
    const wrong = findNatsServer({ environment: { NATS_SERVER_BIN: `${named}-not` } });
    await expect(wrong).rejects.toBeInstanceOf(NatsServerMissing);
  });

  it("says what to install where there is none", async () => {
    const environment = { PATH: "", XDG_CACHE_HOME: folder() };
    await expect(findNatsServer({ environment, mayDownload: false })).rejects.toThrow("apt-get install nats-server");
    await expect(findNatsServer({ environment })).rejects.toThrow("apt-get install nats-server");
  });

  it("unpacks Debian's package into the cache, once", async () => {
    const [bin, cache] = [folder(), folder()];
    script(bin, "apt-get", `echo "$@" >>${bin}/calls; touch nats-server_1_amd64.deb`);
    script(bin, "dpkg", `mkdir -p "$3/usr/sbin" && cp ${bin}/dpkg "$3/usr/sbin/nats-server"`);
    const environment = { PATH: "", XDG_CACHE_HOME: cache };
    const unpacked = join(cache, "colloquy/nats-server/usr/sbin/nats-server");
    expect(await unpackNatsServer({ ...environment, PATH: `${bin}:/usr/bin:/bin` })).toBe(unpacked);
    expect(readFileSync(`${bin}/calls`, "utf8")).toBe("download nats-server\n");
    expect(await findNatsServer({ environment, mayDownload: false })).toBe(unpacked);
  });
});

describe.skipIf(file === undefined)("a nats-server of our own", () => {
  it("takes its own user only, and what the emulator publishes, a subject with a space included", async () => {
    const server = await natsServer({ user: "colloquy", password: "made up" });
    onTestFinished(() => server.close());
    expect(server.url).toBe(`nats://colloquy:made%20up@127.0.0.1:${server.port}`);
    const login = '"user":"colloquy","pass":"made up"';
    const [lines, refused] = [await listen(server.port, login, ">"), [] as string[]];
    const stranger = connect(server.port, "127.0.0.1");
    createInterface(stranger).on("line", (line) => refused.push(line));
    stranger.write('CONNECT {"user":"colloquy","pass":"wrong"}\r\nPING\r\n');
    await once(stranger, "close");
    expect(refused.at(-1)).toBe("-ERR 'Authorization Violation'");
    await server.publish("hitl.1__human_intervention_results", '{"a": "\u00fc"}');
    await server.publish("has", "second", "space__human_intervention_results");
    await expect
      .poll(() => lines.slice(1))
      .toEqual([
        "MSG hitl.1__human_intervention_results 1 9".replace("9", String(Buffer.byteLength('{"a": "\u00fc"}'))),
        '{"a": "\u00fc"}',
        "MSG has 1 space__human_intervention_results 6",
        "second",
      ]);
  });

  it("comes back on the same port after a kill, and what was to be published meanwhile arrives", async () => {
    const server = await natsServer({ token: "made-up", jetStream: true });
    onTestFinished(() => server.close());
    const { port, pid } = server;
    await server.publish("before", "1");
    await server.kill();
    expect(server.pid).toBeUndefined();
    expect(() => process.kill(pid ?? 0, 0)).toThrow("ESRCH");
    let isPublished = false;
    const publishing = server.publish("meanwhile", "2").then(() => {
      isPublished = true;
    });
    await server.restart();
    const lines = await listen(port, '"auth_token":"made-up"', "meanwhile");
    await publishing;
    expect([server.port, isPublished]).toEqual([port, true]);
    await server.publish("meanwhile", "3");
    await expect.poll(() => lines.at(-1)).toBe("3");
    await server.stop();
    await server.restart();
    expect(server.pid).toBeDefined();
  });

  it("says why it does not start", async () => {
    await expect(natsServer({ config: "listen: nonsense {" })).rejects.toThrow(
      /nats-server ended at once: .*Parse error on line 2/,
    );
  });

  it("leaves no process behind when its owner is killed", async () => {
    const source = new URL("./server-owner.ts", import.meta.url);
    // Built at the beginning of a test run, which is several times faster than loading it through tsx.
    const built = (JSON.parse(process.env["TEST_PROGRAMS"] ?? "{}") as Record<string, string>)[source.href];
    const program =
      built === undefined ? ["--conditions=@colloquy/source", "--import", "tsx", fileURLToPath(source)] : [built];
    const owner = spawn(process.execPath, program, { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = (await once(createInterface(owner.stdout), "line")) as [string];
    const pid = Number(line);
    expect(process.kill(pid, 0)).toBe(true);
    owner.kill("SIGKILL");
    await once(owner, "exit");
    await expect
      .poll(() => {
        try {
          return process.kill(pid, 0);
        } catch {
          return false;
        }
      })
      .toBe(false);
  });
});
