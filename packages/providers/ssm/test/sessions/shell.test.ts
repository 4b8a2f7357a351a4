import { describe, expect, it } from "vitest";
import type { OpenOptions, Session } from "../../src/index.js";
import { handshakeRequest, type Setting, setting, shakeHands } from "../support/setting.js";

async function plainShell(extra: Partial<OpenOptions> = {}): Promise<{ scene: Setting; session: Session }> {
  const scene = setting();
  scene.agent.output(Buffer.from("$ "));
  const session = await scene.open(extra);
  return { scene, session };
}

const sent = ({ agent }: Setting): [number, string][] =>
  agent.input.map(({ payloadType, payload }) => [payloadType, payload.toString("latin1")]);

describe("a shell", () => {
  it("says its size first, and again only when it changes", async () => {
    const { scene, session } = await plainShell();
    const shell = session.shell({ columns: 80, rows: 24 });
    shell.resize({ columns: 80, rows: 24 });
    shell.resize({ columns: 120, rows: 40 });
    await scene.clock.advance(20);
    expect(sent(scene)).toEqual([
      [3, '{"cols":80,"rows":24}'],
      [3, '{"cols":120,"rows":40}'],
    ]);
    expect(shell.size).toEqual({ columns: 120, rows: 40 });
  });

  it("types a lone line feed as Enter and everything else as it is", async () => {
    const { scene, session } = await plainShell();
    const shell = session.shell();
    for (const text of ["\n", "ls\n", "é\u{1f600}"]) {
      shell.write(text);
      await scene.clock.advance(20);
    }
    expect(sent(scene).slice(1)).toEqual([
      [1, "\r"],
      [1, "ls\n"],
      [1, Buffer.from("é\u{1f600}").toString("latin1")],
    ]);
  });

  it("turns signals into control characters", async () => {
    const { scene, session } = await plainShell();
    const shell = session.shell();
    for (const name of ["SIGINT", "SIGTSTP", "SIGQUIT"] as const) {
      shell.signal(name);
      await scene.clock.advance(20);
    }
    expect(sent(scene).slice(1)).toEqual([
      [1, "\x03"],
      [1, "\x1a"],
      [1, "\x1c"],
    ]);
  });

  it("sends Ctrl-D when its input ends, unless told otherwise", async () => {
    const first = await plainShell();
    first.session.shell().end("exit");
    await first.scene.clock.advance(20);
    expect(sent(first.scene).slice(1)).toEqual([
      [1, "exit"],
      [1, "\x04"],
    ]);
    const second = await plainShell();
    second.session.shell({ sendsEndOfInput: false }).end("exit");
    await second.scene.clock.advance(20);
    expect(sent(second.scene).slice(1)).toEqual([[1, "exit"]]);
  });

  it("cuts a paste into frames of 1024 bytes and joins what was written in pieces", async () => {
    const { scene, session } = await plainShell();
    const shell = session.shell({ sendsEndOfInput: false });
    shell.cork();
    for (let piece = 0; piece < 300; piece++) shell.write("0123456789");
    shell.uncork();
    await scene.clock.advance(20);
    expect(scene.agent.input.slice(1).map(({ payload }) => payload.length)).toEqual([1024, 1024, 952]);
  });

  it("passes broken UTF-8 and control characters through untouched", async () => {
    const { scene, session } = await plainShell();
    const shell = session.shell();
    const bytes = Buffer.from([0xff, 0xc3, 0x00, 0x1b, 0x0d, 0x0a, 0xf0, 0x9f]);
    scene.agent.output(bytes, 3);
    await scene.clock.advance(20);
    expect(shell.read()).toEqual(Buffer.concat([Buffer.from("$ "), bytes]));
  });

  it("ends, without a status, when the session does", async () => {
    const { scene, session } = await plainShell();
    const shell = session.shell();
    const ended = new Promise<void>((resolve) => shell.once("end", resolve));
    shell.resume();
    scene.agent.closeChannel();
    await scene.passing(ended);
    expect(await shell.exitCode).toBeUndefined();
  });

  it("is there once", async () => {
    const { session } = await plainShell();
    session.shell();
    expect(() => session.shell()).toThrow(expect.objectContaining({ code: "COMMAND_REFUSED" }));
    await expect(session.run()).rejects.toMatchObject({ code: "COMMAND_REFUSED" });
    expect(() => session.connectPort()).toThrow(expect.objectContaining({ code: "UNSUPPORTED" }));
    await expect(session.forwardPort()).rejects.toMatchObject({ code: "UNSUPPORTED" });
  });

  it("that is destroyed takes no memory for what still comes", async () => {
    const { scene, session } = await plainShell();
    const shell = session.shell();
    shell.pause();
    scene.agent.output(Buffer.alloc(1_000_000));
    await scene.clock.advance(1000);
    shell.destroy();
    await scene.clock.runUntil(() => scene.agent.unackedCount === 0 && scene.agent.outputBytesLeft === 0, {
      limitMs: 60_000,
    });
    expect(scene.agent.unackedCount).toBe(0);
    scene.agent.closeChannel();
    expect(await scene.passing(session.ended)).toMatchObject({ reason: "closed_by_service" });
  });
});

async function command(): Promise<{ scene: Setting; session: Session }> {
  const scene = setting();
  shakeHands(scene.agent, handshakeRequest("NonInteractiveCommands"));
  return { scene, session: await scene.open() };
}

describe("a command", () => {
  it("gives its output, its errors and its status apart", async () => {
    const { scene, session } = await command();
    const result = session.run();
    scene.agent.send(1, "out 1\n");
    scene.agent.send(11, "err 1\n");
    scene.agent.send(1, "out 2\n");
    scene.agent.send(12, "EXIT_CODE: 7");
    scene.agent.closeChannel();
    scene.agent.onIdle = () => scene.agent.closeChannel();
    const { stdout, stderr, code, closingText } = await scene.passing(result);
    expect([stdout.toString(), stderr.toString(), code, closingText]).toEqual(["out 1\nout 2\n", "err 1\n", 7, ""]);
  });

  it("has no status when the agent tells none", async () => {
    const { scene, session } = await command();
    const result = session.run();
    scene.agent.send(1, "merged");
    scene.agent.onIdle = () => scene.agent.closeChannel();
    expect(await scene.passing(result)).toMatchObject({ code: undefined, stderr: Buffer.alloc(0) });
  });

  it("fails when it says more than was allowed, and lets the session end", async () => {
    const { scene, session } = await command();
    const result = session.run({ maxBytes: 1000 });
    result.catch(() => {});
    scene.agent.output(Buffer.alloc(5000));
    scene.agent.onIdle = () => scene.agent.closeChannel();
    expect(await scene.passing(session.ended)).toMatchObject({ reason: "closed_by_service" });
    await expect(result).rejects.toMatchObject({ code: "RESPONSE_TOO_LARGE" });
  });

  it("fails with the session", async () => {
    const { scene, session } = await command();
    const result = session.run();
    result.catch(() => {});
    scene.network.refusals = 1e9;
    scene.network.cut();
    await expect(scene.passing(result)).rejects.toMatchObject({ code: "NETWORK_UNREACHABLE" });
  });

  it("streams live through a shell, errors apart once they were asked for", async () => {
    const { scene, session } = await command();
    const shell = session.shell();
    const errors = shell.stderr;
    scene.agent.send(1, "out");
    scene.agent.send(11, "err");
    scene.agent.send(12, "EXIT_CODE: 255");
    await scene.clock.advance(20);
    expect([shell.read()?.toString(), errors.read()?.toString()]).toEqual(["out", "err"]);
    shell.resume();
    errors.resume();
    scene.agent.closeChannel();
    await scene.passing(session.ended);
    expect(await shell.exitCode).toBe(255);
  });

  it("runs its errors together with the output while nobody has asked for them", async () => {
    const { scene, session } = await command();
    const shell = session.shell();
    scene.agent.send(1, "out ");
    scene.agent.send(11, "err");
    await scene.clock.advance(20);
    expect(shell.read()?.toString()).toBe("out err");
  });

  it("loses nothing when it is over before anybody looks", async () => {
    const { scene, session } = await command();
    scene.agent.send(1, "quick");
    scene.agent.send(12, "EXIT_CODE: 0");
    scene.agent.onIdle = () => scene.agent.closeChannel();
    await scene.clock.advance(3000);
    expect((await scene.passing(session.run())).stdout.toString()).toBe("quick");
    const late = await command();
    late.scene.agent.send(1, "quick");
    late.scene.agent.onIdle = () => late.scene.agent.closeChannel();
    await late.scene.clock.advance(60_000);
    expect(late.session.status).toBe("terminated");
    expect((await late.scene.passing(late.session.run())).stdout.toString()).toBe("quick");
  });
});
