import { describe, expect, it } from "vitest";
import { bulkBytes } from "../../src/index.js";
import { useSsmStage } from "./support/ssm-stage.js";

const stage = useSsmStage();

describe("a shell session", () => {
  it.each(["python3", "script", "none"] as const)("runs commands on a terminal from %s", async (terminal) => {
    stage.ssm.set({ terminal });
    const { client, id } = await stage.opened();
    // A shell without a terminal prints no prompt, so its first output needs a first command.
    client.type("echo first\r");
    await client.untilText("first");
    client.type("echo a$((20+22))b; exit\r");
    await client.untilClosed();
    expect(client.text).toContain("a42b");
    expect(client.closed).toEqual([""]);
    expect(client.handshake).toBeUndefined();
    expect(stage.ssm.session(id)).toMatchObject({ state: "terminated", phase: "ended", clientVersion: "" });
  });

  it("has a real terminal that follows the client's size", async () => {
    stage.ssm.set({ terminal: "python3" });
    const { client } = await stage.opened({}, { quirks: { noSize: true } });
    client.resize(101, 33);
    client.type("stty size\r");
    await client.untilText("33 101");
    client.resize(64, 20);
    client.type("stty size; exit\r");
    await client.untilClosed();
    expect(client.text).toContain("20 64");
  });

  it("takes Ctrl-C for the command that runs, and not for itself", async () => {
    stage.ssm.set({ terminal: "python3" });
    const { client } = await stage.opened();
    // What it says comes from the command's own process, so nothing of the shell is left between it and the key.
    client.type("sh -c 'echo runs $((1+1)); exec sleep 60'; echo never\r");
    await client.untilText("runs 2");
    client.type("\x03");
    client.type("echo still $((1+1))\r");
    await client.untilText("still 2");
    expect(client.text.split("never")).toHaveLength(2);
  });

  it("sends whole characters only", async () => {
    stage.ssm.set({ frameBytes: 16 });
    const { client } = await stage.opened({
      document: "AWS-StartInteractiveCommand",
      parameters: { command: "i=0; while [ $i -lt 40 ]; do printf 'ü世🚀'; i=$((i+1)); done" },
    });
    await client.untilClosed();
    expect(client.text).toBe("ü世🚀".repeat(40));
    for (const piece of client.output) expect(piece.toString("utf8")).not.toContain("\u{fffd}");
  });

  it("begins with a handshake when the dial says so", async () => {
    stage.ssm.set({ handshake: "always", customerMessage: "Welcome", agentVersion: "3.2.1.0" });
    const { client } = await stage.opened({
      document: "AWS-StartInteractiveCommand",
      parameters: { command: "echo hi" },
    });
    await client.untilClosed();
    expect(client.handshake).toEqual({
      AgentVersion: "3.2.1.0",
      RequestedClientActions: [
        { ActionType: "SessionType", ActionParameters: { SessionType: "InteractiveCommands", Properties: null } },
      ],
    });
    expect(client.handshakeComplete?.CustomerMessage).toBe("Welcome");
    expect(client.text).toBe("hi\r\n");
  });

  it("ends its processes when it is terminated", async () => {
    stage.ssm.set({ terminal: "python3" });
    const { client, id } = await stage.opened({
      document: "AWS-StartInteractiveCommand",
      parameters: { command: "trap '' HUP; echo $$; sleep 600" },
    });
    await client.until(() => /^\d+\r\n/.test(client.text), "the process id");
    const pid = Number.parseInt(client.text, 10);
    stage.ssm.terminate(id);
    await client.untilClosed();
    await client.until(() => !isAlive(pid), "the end of the process");
    expect(stage.ssm.session(id).state).toBe("terminated");
  });

  it("says so when there is no such shell", async () => {
    await stage.emulator.close();
    const { startEmulator } = await import("../../src/index.js");
    const { DataChannelClient } = await import("./support/data-channel-client.js");
    const emulator = await startEmulator({ ssm: { shell: ["/no/such/shell"], dials: { terminal: "python3" } } });
    const client = new DataChannelClient(emulator.ssm.start());
    await client.open();
    await client.untilClosed();
    expect(client.text).toContain("No such file");
    client.close();
    await emulator.close();
  });
});

describe("a command session", () => {
  const run = (parameters: Record<string, string>, clientVersion = "1.2.677.0") =>
    stage.opened({ document: "AWS-StartNonInteractiveCommand", parameters }, { clientVersion });

  it("collects both outputs and sends them at the end, without an exit code", async () => {
    const { client } = await run({ command: "echo one; echo two >&2; echo three; exit 3" });
    await client.untilClosed();
    expect(client.text).toBe("one\ntwo\nthree\n");
    expect(client.stderr).toEqual([]);
    expect(client.exitCode).toBeUndefined();
    expect(client.handshake?.RequestedClientActions[0]).toMatchObject({
      ActionParameters: { SessionType: "NonInteractiveCommands", Properties: null },
    });
  });

  it("keeps the outputs apart when asked to, and tells the exit code", async () => {
    const { client } = await run({ command: "echo one; echo two >&2; exit 3", separateOutputStream: "true" });
    await client.untilClosed();
    expect(client.text).toBe("one\n");
    expect(Buffer.concat(client.stderr).toString()).toBe("two\n");
    expect(client.exitCode).toBe("EXIT_CODE: 3");
    expect(client.handshakeComplete?.CustomerMessage).toBe("");
  });

  it("puts prefixes where lines begin", async () => {
    const { client } = await run({
      command: "printf a; sleep 0.2; printf 'b\\n'; sleep 0.2; echo c; echo e >&2",
      separateOutputStream: "true",
      stdOutSeparatorPrefix: "out: ",
      stdErrSeparatorPrefix: "err: ",
    }).catch((error: Error) => ({ client: error }));
    // A space is not among the characters that a prefix may have.
    expect(client).toBeInstanceOf(Error);
    const { client: other } = await run({
      command: "printf a; sleep 0.2; printf 'b\\n'; sleep 0.2; echo c; echo e >&2",
      separateOutputStream: "true",
      stdOutSeparatorPrefix: "out:",
      stdErrSeparatorPrefix: "err:",
    });
    await other.untilClosed();
    expect(other.text).toBe("out:ab\nout:c\n");
    expect(Buffer.concat(other.stderr).toString()).toBe("err:e\n");
  });

  it.each([
    [0x03, 130],
    [0x1c, 131],
  ])("takes the key %i for a signal", async (key, code) => {
    const command = "trap 'exit 130' INT; trap 'exit 131' QUIT; echo up; while :; do sleep 0.05; done";
    const { client } = await run({ command, separateOutputStream: "true" });
    await client.untilText("up");
    client.type(Buffer.from([0x78, key]));
    await client.untilClosed();
    expect(client.exitCode).toBe(`EXIT_CODE: ${code}`);
  });

  it("delivers output that is longer than any buffer", async () => {
    const { client } = await run({ command: "head -c 3000000 /dev/zero", separateOutputStream: "true" });
    await client.untilClosed();
    expect(client.outputBytes).toBe(3_000_000);
    expect(client.exitCode).toBe("EXIT_CODE: 0");
  });

  it("warns clients that mix the streams", async () => {
    const { client } = await run({ command: "true", separateOutputStream: "true" }, "1.2.295.0");
    await client.untilClosed();
    expect(client.handshakeComplete?.CustomerMessage).toContain("update");
  });
});

describe("the handshake", () => {
  const command = { document: "AWS-StartNonInteractiveCommand", parameters: { command: "echo done" } };

  it.each(["nothing", "handshake_request"] as const)(
    "fails in time without an answer (withheld: %s)",
    async (withhold) => {
      stage.ssm.set({ handshakeTimeoutMs: 50, drainLimitMs: 50, withhold });
      const { client } = await stage.opened(command, { startsUnready: true });
      await client.untilClosed();
      expect(client.closed[0]).toContain("Handshake timed out");
      expect(client.frames.length > 0).toBe(withhold === "nothing");
    },
  );

  it("can be left without its last word", async () => {
    stage.ssm.set({ withhold: "handshake_complete" });
    const { client, id } = await stage.opened(command);
    await client.until(() => stage.ssm.session(id).clientVersion !== "", "the answer");
    expect(stage.ssm.session(id).phase).toBe("handshake");
    expect(client.handshakeComplete).toBeUndefined();
  });

  it("makes an encrypted session with a key of the fake key service", async () => {
    stage.ssm.set({ encryption: true, kmsKeyId: "alias/made-up" });
    const target = "i-0123456789abcdef0";
    const { client, id } = stage.client(
      { document: "Colloquy-Echo", target },
      {
        dataKey: async ({ keyId }) => {
          const context = { "aws:ssm:SessionId": id, "aws:ssm:TargetId": target };
          const request = { KeyId: keyId, NumberOfBytes: 64, EncryptionContext: context };
          const { body } = await stage.api("TrentService.GenerateDataKey", request);
          return { sealed: Buffer.from(body.CiphertextBlob, "base64"), plain: Buffer.from(body.Plaintext, "base64") };
        },
      },
    );
    await client.open();
    await client.until(() => client.handshakeComplete !== undefined, "the handshake");
    const input = bulkBytes(8, 20_000);
    client.type(input);
    await client.until(() => client.outputBytes === input.length, "the echo");
    expect(Buffer.concat(client.output).equals(input)).toBe(true);
    expect(client.handshake?.RequestedClientActions[1]).toMatchObject({
      ActionType: "KMSEncryption",
      ActionParameters: { KMSKeyId: "alias/made-up", Challenge: expect.stringMatching(/^[\w+/]{22}==$/) },
    });
    const { isEncrypted, counters } = stage.ssm.session(id);
    expect({ isEncrypted, bytesIn: counters.bytesIn }).toEqual({ isEncrypted: true, bytesIn: 20_000 });
    const sealed = client.frames.find(({ payloadType }) => payloadType === 1);
    // Nonce and tag around each chunk.
    expect(sealed?.payload.length).toBe(1_024 + 28);
  });

  it.each([
    ["the context is another one", { "aws:ssm:SessionId": "somebody-else" }, "The data key cannot be opened."],
    ["there is no key", undefined, "Failed to process action KMSEncryption: no key"],
  ])("fails when %s", async (_what, context, problem) => {
    stage.ssm.set({ encryption: true });
    const dataKey = async ({ keyId }: { keyId: string }): Promise<{ sealed: Buffer; plain: Buffer }> => {
      const request = { KeyId: keyId, NumberOfBytes: 64, EncryptionContext: context };
      const { body } = await stage.api("TrentService.GenerateDataKey", request);
      return { sealed: Buffer.from(body.CiphertextBlob, "base64"), plain: Buffer.from(body.Plaintext, "base64") };
    };
    const { client } = await stage.opened({ document: "Colloquy-Echo" }, context === undefined ? {} : { dataKey });
    await client.untilClosed();
    expect(client.closed).toEqual([problem]);
  });

  it.each([false, true])(
    "can demand that the key answers the challenge: client does so %s",
    async (answersChallenge) => {
      stage.ssm.set({ encryption: true, requireKmsChallenge: true });
      const { client, id } = stage.client(
        { document: "Colloquy-Echo", target: "i-1" },
        {
          answersChallenge,
          dataKey: async ({ keyId, challenge }) => {
            const context = {
              "aws:ssm:SessionId": id,
              "aws:ssm:TargetId": "i-1",
              "aws:ssm:RandomChallenge": challenge,
            };
            const request = { KeyId: keyId, NumberOfBytes: 64, EncryptionContext: context };
            const { body } = await stage.api("TrentService.GenerateDataKey", request);
            return { sealed: Buffer.from(body.CiphertextBlob, "base64"), plain: Buffer.from(body.Plaintext, "base64") };
          },
        },
      );
      await client.open();
      if (answersChallenge) await client.until(() => client.handshakeComplete !== undefined, "the handshake");
      else await client.untilClosed();
      expect(client.closed).toEqual(
        answersChallenge ? [] : ["The client did not answer the encryption challenge of its key."],
      );
    },
  );
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
