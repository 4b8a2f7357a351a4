import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canaries, type Emulated, emulated } from "./support/emulated.js";
import type { Ran } from "./support/terminal.js";
import { FakeSignals } from "./support/terminal.js";

let world: Emulated;
const printed: string[] = [];

async function run(args: readonly string[], options: Parameters<Emulated["run"]>[1] = {}): Promise<Ran> {
  const ran = await world.run(["wasender", ...args], options);
  if (!args.includes("--show-secrets")) printed.push(ran.stdout + ran.stderr);
  return ran;
}

/** The objects that a command prints with `--json`, one a line. */
async function lines(args: readonly string[]): Promise<readonly Record<string, unknown>[]> {
  const { stdout } = await run([...args, "--json"]);
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

const lastBody = (): unknown => world.emulator.wasender.requests.at(-1)?.body;

beforeAll(async () => {
  world = await emulated({ unknownNumbers: ["+15550199"], sentAfterMs: 0 });
  const { exitCode } = await world.run([
    "pair",
    "wasender",
    "--name",
    "Shop",
    "--phone",
    canaries.phone,
    "--log-messages",
  ]);
  if (exitCode !== 0) throw new Error("The session could not be paired.");
});
afterAll(() => world.close());

describe("wasender contacts", () => {
  it("list is a table for people, and one object a line with the count last for programs", async () => {
    const { exitCode, stdout } = await run(["contacts", "list", "Shop"]);
    expect(exitCode).toBe(0);
    expect(stdout.split("\n")[0]).toMatch(/^NAME +PHONE +JID +ABOUT/);
    expect(stdout).toContain("+1555•••01");
    const [ada, , , result] = await lines(["contacts", "list", "Shop"]);
    expect(ada).toMatchObject({ name: "Ada", phone: "+1555•••01", hasPicture: true });
    expect(result).toEqual({ ok: true, count: 3 });
  });

  it("list stops at its limit and asks for no page beyond", async () => {
    const before = world.emulator.wasender.requests.length;
    expect(await lines(["contacts", "list", "Shop", "--limit", "2"])).toHaveLength(3);
    const requests = world.emulator.wasender.requests.slice(before);
    expect(requests.map(({ query }) => query)).toEqual([{ paginated: "true", page: "1", limit: "2" }]);
    expect((await run(["contacts", "list", "Shop", "--limit", "few"])).exitCode).toBe(7);
  });

  it("list shows whole numbers when asked", async () => {
    const { stdout } = await run(["contacts", "list", "Shop", "--show-secrets", "--json"]);
    expect(stdout).toContain('"jid":"15550101@s.whatsapp.net"');
  });

  it("get, picture, block, unblock and save take a number as people write it", async () => {
    expect((await lines(["contacts", "get", "Shop", "+1 555-0101"]))[0]).toMatchObject({ contact: { name: "Ada" } });
    expect((await run(["contacts", "get", "Shop", "+15550101"])).stdout).toContain("At the engine");
    expect((await run(["contacts", "picture", "Shop", "+15550102", "--show-secrets"])).stdout).toMatch(/^http/);
    expect((await lines(["contacts", "block", "Shop", "+15550101"]))[0]).toMatchObject({ isBlocked: true });
    expect((await lines(["contacts", "unblock", "Shop", "+15550101"]))[0]).toMatchObject({ isBlocked: false });
    await run(["contacts", "save", "Shop", "+15550101", "Ada L.", "--on-phone"]);
    expect(lastBody()).toEqual({
      jid: "15550101@s.whatsapp.net",
      fullName: "Ada L.",
      saveOnPrimaryAddressbook: true,
    });
  });

  it("get of somebody who is not there ends with 7 and says what to do", async () => {
    const { exitCode, stderr } = await run(["contacts", "get", "Shop", "+15550199"]);
    expect(exitCode).toBe(7);
    expect(stderr).toMatch(/^error: .+\n +do: .+\n$/);
  });
});

describe("wasender groups", () => {
  it("list and show know a group by its subject", async () => {
    expect((await lines(["groups", "list", "Shop"])).map(({ subject }) => subject)).toEqual([
      "Friends",
      "News",
      undefined,
    ]);
    const [shown] = await lines(["groups", "show", "Shop", "Friends"]);
    expect(shown).toMatchObject({ group: { subject: "Friends", size: 3, owner: "1555•••42@s.whatsapp.net" } });
    expect((await run(["groups", "show", "Shop", "Friends"])).stdout).toMatch(/MEMBER +ROLE\n/);
    const { exitCode, stderr } = await run(["groups", "show", "Shop", "Enemies"]);
    expect(exitCode).toBe(7);
    expect(stderr).toContain("groups list");
  });

  it("create makes one, and settings change only what is given", async () => {
    const [made] = await lines(["groups", "create", "Shop", "Crew", "+15550101"]);
    expect(made).toMatchObject({ ok: true, group: { subject: "Crew", size: 2 } });
    await run(["groups", "settings", "Shop", "Crew", "--description", "We work", "--announce", "--no-members-add"]);
    expect(lastBody()).toEqual({ description: "We work", announce: true, memberAdd: false });
    expect((await run(["groups", "settings", "Shop", "Crew"])).exitCode).toBe(7);
  });

  it("members change, one outcome a line; one failure among them is a failure of the command", async () => {
    const added = await run(["groups", "members", "add", "Shop", "Crew", "+15550102", "+15550199", "--json"]);
    expect(added.exitCode).toBe(1);
    expect(
      added.stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as object),
    ).toMatchObject([
      { succeeded: true, message: "added" },
      { succeeded: false, message: "not-authorized" },
      { ok: false, count: 2 },
    ]);
    const promoted = await lines(["groups", "members", "promote", "Shop", "Crew", "+15550102"]);
    expect(promoted).toMatchObject([{ role: "admin" }, { ok: true }]);
    expect((await lines(["groups", "members", "list", "Shop", "Crew"])).map(({ role }) => role)).toContain("admin");
    await run(["groups", "members", "demote", "Shop", "Crew", "+15550102"]);
    const removed = await lines(["groups", "members", "remove", "Shop", "Crew", "+15550102"]);
    expect(removed).toMatchObject([{ succeeded: true, message: "removed" }, { ok: true }]);
  });

  it("an invitation is told, looked up, accepted, and the group left", async () => {
    const [{ inviteLink } = {}] = await lines(["groups", "invite", "Shop", "Crew"]);
    expect(inviteLink).toMatch(/^https:\/\/chat\.whatsapp\.com\//);
    expect((await lines(["groups", "invitation", "Shop", String(inviteLink)]))[0]).toMatchObject({
      group: { subject: "Crew" },
    });
    expect((await run(["groups", "join", "Shop", String(inviteLink)])).exitCode).toBe(0);
    expect((await run(["groups", "leave", "Shop", "Crew"])).exitCode).toBe(0);
    expect((await run(["groups", "leave", "Shop", "Crew"])).exitCode).toBe(7);
  });
});

describe("wasender media", () => {
  it("upload sends the file's bytes under its own type", async () => {
    const path = join(world.folder, "bill.pdf");
    writeFileSync(path, "%PDF-1.7 bill");
    const [uploaded] = await lines(["media", "upload", "Shop", path]);
    expect(uploaded).toMatchObject({ ok: true, publicUrl: expect.stringMatching(/\.pdf$/) });
    expect(await (await fetch(String(uploaded?.["publicUrl"]))).text()).toBe("%PDF-1.7 bill");
  });

  it("upload takes the type that is given, and says what to do about a file that is not there", async () => {
    const path = join(world.folder, "bill");
    writeFileSync(path, "%PDF-1.7 bill");
    expect((await run(["media", "upload", "Shop", path, "--type", "application/pdf"])).exitCode).toBe(0);
    expect(world.emulator.wasender.requests.at(-1)?.headers["content-type"]).toBe("application/pdf");
    expect(await run(["media", "upload", "Shop", `${path}.png`])).toMatchObject({ exitCode: 7 });
  });

  it("decrypt takes the webhook that brought a file, from the standard input as well", async () => {
    const image = { url: "https://files.example/a", mimetype: "image/png", mediaKey: "AAAA" };
    const messages = { key: { id: "3EB0" }, message: { imageMessage: image } };
    for (const value of [{ event: "messages.received", data: { messages } }, { messages: [messages] }, messages]) {
      const { exitCode, stdout } = await run(["media", "decrypt", "Shop", "-"], { stdin: JSON.stringify(value) });
      expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^http/)]);
    }
    expect((await run(["media", "decrypt", "Shop", "-"], { stdin: "no json" })).exitCode).toBe(7);
    expect((await run(["media", "decrypt", "Shop", "-"], { stdin: "[]" })).exitCode).toBe(7);
  });
});

describe("wasender logs", () => {
  beforeAll(async () => {
    for (const [index, to] of [canaries.recipient, "+15550199", canaries.recipient].entries())
      await world.run(["send", "Shop", "--to", to, "--text", `${canaries.text} ${index}`]);
  });

  it("messages go through the pages, newest first, and mask who and what", async () => {
    const rows = await lines(["logs", "messages", "Shop"]);
    expect(rows.at(-1)).toEqual({ ok: true, count: 3 });
    expect(rows[0]).toMatchObject({ status: "sent", to: "+1555•••87", content: "(text of 34 characters)" });
    expect(rows.map(({ id }) => id)).toEqual(["1003", "1002", "1001", undefined]);
    const failed = await lines(["logs", "messages", "Shop", "--status", "failed"]);
    expect(failed).toMatchObject([{ failedReason: "Failed to send message: Invalid number JID: +1555•••99" }, {}]);
    expect((await run(["logs", "messages", "Shop", "--status", "lost"])).exitCode).toBe(7);
    expect((await run(["logs", "messages", "Shop", "--every", "1s"])).exitCode).toBe(7);
  });

  it("messages --follow begins with what there is, goes on with what comes, and ends well at Ctrl-C", async () => {
    const signals = new FakeSignals();
    const following = run(["logs", "messages", "Shop", "--follow", "--every", "20ms", "--events"], { signals });
    const reads = (): number =>
      world.emulator.wasender.requests.filter(({ path }) => path.endsWith("/message-logs")).length;
    const before = reads();
    await expect.poll(() => reads() - before, { timeout: 20_000 }).toBeGreaterThan(1);
    await world.run(["send", "Shop", "--to", canaries.recipient, "--text", canaries.text]);
    const after = reads();
    await expect.poll(() => reads() - after, { timeout: 20_000 }).toBeGreaterThan(1);
    signals.emit("SIGINT");
    const { exitCode, stdout } = await following;
    expect(exitCode).toBe(0);
    const ids = stdout
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { id?: string }).id);
    expect([...new Set(ids)]).toEqual(["1001", "1002", "1003", "1004", undefined]);
  });

  it("sessions tell how the session went", async () => {
    const rows = await lines(["logs", "sessions", "Shop", "--limit", "1"]);
    expect(rows).toMatchObject([{ eventType: "status_change", status: "connected" }, { count: 1 }]);
  });
});

describe("wasender webhook", () => {
  it("set changes what is given, and show tells it without what stands behind the question mark", async () => {
    const url = "https://app.example/hook?token=canary";
    const set = await lines([
      "webhook",
      "set",
      "Shop",
      "--url",
      url,
      "--subscribe",
      "messages.received, call",
      "--enable",
    ]);
    const expected = {
      ok: true,
      url: "https://app.example/hook?•••",
      isEnabled: true,
      events: ["messages.received", "call"],
    };
    expect(set).toEqual([expected]);
    expect(await lines(["webhook", "show", "Shop"])).toEqual([expected]);
    await run(["webhook", "set", "Shop", "--disable"]);
    expect(lastBody()).toEqual({ webhook_enabled: false });
    await run(["webhook", "set", "Shop", "--no-url"]);
    expect(lastBody()).toEqual({ webhook_url: null });
    expect((await run(["webhook", "show", "Shop"])).stdout).toMatch(/url +none\n +enabled +no\n/);
  });

  it("set tells a warning of the provider, and refuses what makes no sense", async () => {
    world.emulator.wasender.set({ webhookSyncFails: true });
    expect((await run(["webhook", "set", "Shop", "--enable"])).stderr).toContain("failed to sync");
    expect((await run(["webhook", "set", "Shop"])).exitCode).toBe(7);
    expect((await run(["webhook", "set", "Shop", "--enable", "--disable"])).exitCode).toBe(7);
    expect((await run(["webhook", "set", "Shop", "--subscribe", "message.created"])).exitCode).toBe(7);
  });
});

describe("wasender call", () => {
  it("reaches every operation with JSON, and prints neither keys nor numbers", async () => {
    const list = await run(["call", "--list"]);
    expect(list.stdout).toMatch(/messages\.resend +POST \/messages\/\{logId\}\/resend/);
    const [answer] = await lines(["call", "Shop", "lookups.lidFromPhone", '{"phone":"+15550101"}']);
    expect(answer).toMatchObject({ ok: true, value: { lid: expect.stringContaining("•••") } });
    const { stdout } = await run(["call", "Shop", "sessions.get"]);
    expect(JSON.parse(stdout)).toMatchObject({ apiKey: "[redacted]", webhookSecret: "[redacted]" });
    expect(stdout).not.toContain("raw");
  });

  it.each([
    ["no operation", ["call", "Shop"]],
    ["one that does not exist", ["call", "Shop", "messages.dance"]],
    ["a name of every object", ["call", "Shop", "messages.constructor"]],
    ["input that is no JSON", ["call", "Shop", "account.status", "status"]],
    ["input that is no object", ["call", "Shop", "account.status", "[]"]],
    ["input that the operation refuses", ["call", "Shop", "messages.send", '{"to":"","text":"x"}']],
  ] as const)("ends with 7 for %s", async (_what, args) => {
    expect((await run(args)).exitCode).toBe(7);
  });
});

describe("what these commands print", () => {
  it("holds no token, no key, no whole number and no text of a message", () => {
    const all = printed.join("\n");
    const keys = world.emulator.wasender.sessions.flatMap(({ apiKey, webhookSecret }) => [apiKey, webhookSecret]);
    for (const secret of [canaries.token, canaries.secretKey, canaries.text, ...keys])
      expect(all).not.toContain(secret);
    for (const phone of [canaries.phone, canaries.recipient, "+15550101", "+15550199"])
      expect(all).not.toContain(phone.slice(1));
  });

  it("is named in the README, command by command", async () => {
    const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
    const { verbs } = await import("../src/wasender/verbs.js");
    for (const name of Object.keys(verbs)) {
      const noun = name.split(" ").slice(0, -1).join(" ");
      const verb = name.split(" ").at(-1);
      expect(
        readme.split("\n").some((line) => line.includes(`wasender ${noun} `) && line.includes(verb ?? "")),
        name,
      ).toBe(true);
    }
  });
});
