import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EmulatorWithSsm, startEmulator } from "@colloquy/emulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Child, start } from "../support/child.js";
import { onTerminal, type PtyStep } from "../support/pty.js";

let emulator: EmulatorWithSsm;
let environment: Readonly<Record<string, string>>;
let folder: string;
const target = ["--target", "i-0123456789abcdef0"] as const;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "colloquy-ssm-"));
  emulator = await startEmulator({ ssm: { dials: { signatures: "verified" }, shell: ["/bin/sh"] } });
  const { credentials, endpointUrl, region } = emulator.ssm;
  environment = {
    AWS_ENDPOINT_URL: endpointUrl,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    // The prompt is waited for.
    PS1: "$ ",
    ENV: "",
  };
});
afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
});

const ssm = (args: readonly string[], more: Readonly<Record<string, string>> = {}, stdin?: string): Child =>
  start(["ssm", ...args], { ...environment, ...more }, undefined, stdin);

/** Of the sessions that were started last first. */
const latest = (): string => emulator.ssm.sessions.at(-1)?.sessionId ?? "";

const prompt = "[#$] $";

describe("ssm shell on a terminal", () => {
  const shell = (steps: readonly PtyStep[], flags: readonly string[] = []) =>
    onTerminal(["ssm", "shell", ...target], steps, { environment, flags });

  it("is as large as the terminal also after a change, takes control keys, and gives the terminal back", async () => {
    const { output, problem, ...rest } = await shell([
      { waitFor: prompt, type: "stty size\r" },
      { waitFor: "(?s)33 91.*?[#$] $", size: [77, 22] },
      { type: 'until [ "$(stty size)" = "22 77" ]; do :; done; echo is re""sized\r' },
      { waitFor: "is resized", type: "cat\r" },
      { waitFor: "cat\r\n", type: "~~tilde\r" },
      { waitFor: "~tilde\r\n~tilde", type: "\u0003" },
      { waitFor: prompt, type: "exit\r" },
    ]);
    expect({ problem, ...rest }).toEqual({ problem: null, status: 0, isRestored: true, wasChanged: true });
    expect(output).not.toContain("~~tilde");
  });

  it("ends at once by its escape sequence also when nothing answers any more", async () => {
    const before = emulator.ssm.sessions.length;
    const isDeaf = join(folder, "is-deaf");
    const ended = shell([
      { waitFor: prompt, untilFile: isDeaf, type: "~?" },
      { waitFor: "this list", type: "~." },
    ]);
    // The prompt has arrived.
    await expect
      .poll(() => emulator.ssm.sessions[before]?.counters.acksIn ?? 0, { timeout: 60_000 })
      .toBeGreaterThan(0);
    emulator.ssm.deafen(latest());
    writeFileSync(isDeaf, "");
    const { output, ...rest } = await ended;
    expect(rest).toEqual({ problem: null, status: 3, isRestored: true, wasChanged: true });
    expect(output).toContain("is ended from here");
  });

  it("gives the terminal back when it is ended by a signal, or by a mistake of its own", async () => {
    const mistake = 'data:text/javascript,process.on("SIGUSR2",()=>{throw new Error("planted")})';
    const [terminated, hungUp, broken] = await Promise.all([
      shell([{ waitFor: prompt, signal: "SIGTERM" }]),
      shell([{ waitFor: prompt, signal: "SIGHUP" }]),
      shell([{ waitFor: prompt, signal: "SIGUSR2" }], ["--import", mistake]),
    ]);
    expect(terminated).toMatchObject({ problem: null, status: 3, isRestored: true, wasChanged: true });
    expect(hungUp).toMatchObject({ problem: null, status: 3, isRestored: true, wasChanged: true });
    expect(broken).toMatchObject({ problem: null, isRestored: true, wasChanged: true });
    expect(broken.output).toContain("planted");
    expect(broken.status).not.toBe(0);
  });
});

describe("ssm without a terminal", () => {
  it("run gives output and errors apart, ends with the command's status, and says the rest on stderr or not at all", async () => {
    const command = "echo out; echo err >&2; exit 7";
    const [plain, quiet, json] = [
      ssm(["run", ...target, "--", command]),
      ssm(["run", "-q", ...target, "--", command]),
      ssm(["run", ...target, "--json", "--", command]),
    ] as const;
    expect((await plain.exited).exitCode).toBe(7);
    expect(plain.output.stdout).toBe("out\n");
    expect(plain.output.stderr).toMatch(/^Session \S+ is open\.\nerr\n$/);
    expect((await quiet.exited).exitCode).toBe(7);
    expect(quiet.output).toEqual({ stdout: "out\n", stderr: "err\n" });
    expect((await json.exited).exitCode).toBe(7);
    expect(JSON.parse(json.output.stdout)).toEqual({ ok: false, code: 7, stdout: "out\n", stderr: "err\n" });
  });

  it("run passes the first Ctrl-C on; what fails here ends with 255 and shows no secret", async () => {
    const trapping = ssm(["run", "-q", ...target, "--", "trap 'exit 9' INT; echo ready; while :; do sleep 0.05; done"]);
    await trapping.line((line) => line === "ready");
    trapping.process.kill("SIGINT");
    expect((await trapping.exited).exitCode).toBe(9);
    const [slow, refused] = [
      ssm(["run", "-q", ...target, "--timeout", "300ms", "--", "sleep 60"]),
      ssm(["run", "-q", ...target, "--debug", "--", "ls"], { AWS_SECRET_ACCESS_KEY: "canary/secret/key" }),
    ] as const;
    expect((await slow.exited).exitCode).toBe(255);
    expect(slow.output.stderr).toContain("DEADLINE_EXCEEDED");
    expect((await refused.exited).exitCode).toBe(255);
    expect(refused.output.stderr).toContain("CREDENTIAL_REJECTED");
    expect(refused.output.stderr).not.toContain("canary");
  });

  it("shell reads what is piped in, and its end is Ctrl-D; a started session comes from a file or a variable", async () => {
    const file = join(folder, "session.json");
    writeFileSync(file, JSON.stringify(emulator.ssm.start()));
    const typed = "echo sum $((40 + 2))\n";
    const [fromFile, fromVariable] = [
      ssm(["shell", "-q", "--session", file], {}, typed),
      ssm(["shell", "-q"], { COLLOQUY_SSM_SESSION: JSON.stringify(emulator.ssm.start()) }, typed),
    ] as const;
    for (const child of [fromFile, fromVariable]) {
      expect((await child.exited).exitCode).toBe(0);
      expect(child.output.stdout).toContain("sum 42");
      expect(child.output.stderr).toBe("");
    }
  });
});

describe("ssm forward", () => {
  let echo: Server;
  const sockets = new Set<Socket>();
  beforeAll(async () => {
    echo = createServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => {}).pipe(socket);
    });
    await new Promise<void>((resolve) => echo.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => {
    for (const socket of sockets) socket.destroy();
    echo.close();
  });
  const portOf = (): string => String((echo.address() as { port: number }).port);

  it("tells its address, counts connections, and lets open ones finish after Ctrl-C", async () => {
    const child = ssm(["forward", ...target, "--port", portOf(), "--events"]);
    const ready = JSON.parse(await child.line((line) => line.includes('"ready"'))) as { host: string; port: number };
    expect(ready.host).toBe("127.0.0.1");
    const socket = connect(ready.port, ready.host);
    const said = (): Promise<Buffer> => new Promise((resolve) => socket.once("data", resolve));
    socket.write("one");
    expect((await said()).toString()).toBe("one");
    child.process.kill("SIGINT");
    await expect.poll(() => child.output.stderr, { timeout: 20_000 }).toContain("waiting for 1 open");
    socket.write("two");
    expect((await said()).toString()).toBe("two");
    socket.destroy();
    expect((await child.exited).exitCode).toBe(0);
    const lines = child.output.stdout.trim().split("\n");
    expect(lines).toContain('{"event":"connections","open":1,"total":1}');
    expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({ event: "result", ok: true, connections: 1 });
  });

  it("plugin takes the AWS CLI's arguments, and tells why it connects anew when asked to", async () => {
    const version = ssm(["plugin", "--version"]);
    expect((await version.exited).exitCode).toBe(0);
    expect(version.output.stdout).toMatch(/^\d+\.\d+\.\d+\.\d+\n$/);

    const parameters = { portNumber: portOf() };
    const started = emulator.ssm.start({ document: "AWS-StartPortForwardingSession", parameters });
    const request = JSON.stringify({ Target: "i-0123456789abcdef0", DocumentName: "AWS-StartPortForwardingSession" });
    const child = ssm(["plugin", "REPLY", emulator.ssm.region, "StartSession", "", request, emulator.ssm.endpointUrl], {
      REPLY: JSON.stringify(started),
      AWS_ENDPOINT_URL: "",
      COLLOQUY_SSM_VERBOSE: "1",
    });
    await expect
      .poll(() => child.output.stderr, { timeout: 60_000 })
      .toMatch(/Waiting for connections at (\S+):\d+\.\.\./);
    const port = Number(/:(\d+)\.\.\./.exec(child.output.stderr)?.[1]);
    const socket = connect(port, "127.0.0.1").on("error", () => undefined);
    const said = (): Promise<Buffer> => new Promise((resolve) => socket.once("data", resolve));
    socket.write("before");
    expect((await said()).toString()).toBe("before");
    emulator.ssm.bye(latest());
    await expect.poll(() => child.output.stderr, { timeout: 20_000 }).toContain("The connection is back.");
    expect(child.output.stderr).toMatch(/The connection is lost \(closed with 1000\); attempt 1 in \d+ ms\./);
    socket.write("after");
    expect((await said()).toString()).toBe("after");
    socket.destroy();
    child.process.kill("SIGINT");
    expect((await child.exited).exitCode).toBe(0);
    expect(child.output.stdout).toBe("");
  });
});
