import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sourceProgram } from "./source-program.js";

const secret = "made-up-secret";
const maxBodyBytes = 100_000;

/** One server in a process of its own, as frameworks are used: the runner resolves their dependencies in its own way. */
interface Running {
  readonly url: string;
  /** Texts of the messages that were handled, so far. */
  readonly texts: readonly string[];
  /** Resolves when a message of this text was handled. */
  handled(text: string): Promise<void>;
  stop(): Promise<void>;
}

async function startServer(name: string): Promise<Running> {
  const { file, execArgv } = sourceProgram(new URL("webhook-server-child.ts", import.meta.url));
  const stdio = ["ignore", "ignore", "inherit", "ipc"] as const;
  const child: ChildProcess = fork(file, [name], { execArgv: [...execArgv], stdio: [...stdio] });
  const texts: string[] = [];
  const url = await new Promise<string>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`${name} ended with ${code}`)));
    child.on("message", (told: { readonly url?: string; readonly text?: string }) => {
      if (told.url !== undefined) resolve(told.url);
      else texts.push(told.text ?? "");
    });
  });
  return {
    url,
    texts,
    async handled(text) {
      while (!texts.includes(text)) await once(child, "message");
    },
    async stop() {
      const ended = once(child, "exit");
      child.disconnect();
      await ended;
    },
  };
}

const message = (id: string, text = "hello"): string =>
  JSON.stringify({
    event: "messages.received",
    timestamp: 1_753_700_391,
    data: {
      messages: {
        key: { id, fromMe: false, remoteJid: "15550101@s.whatsapp.net" },
        message: { conversation: text },
      },
    },
  });

const post = (url: string, body: string, signature = secret): Promise<Response> =>
  fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", "x-webhook-signature": signature },
    body,
  });

let running: Running;
const startBefore = (name: string): void => {
  beforeAll(async () => {
    running = await startServer(name);
  });
  afterAll(() => running.stop());
};

describe.each([
  "Node http",
  "Express",
  "Express behind a raw parser",
  "Express behind a JSON parser that keeps the bytes",
  "Hono",
  "Fastify",
])("a webhook handler behind %s", (name) => {
  startBefore(name);

  it("takes a delivery, once, with all its characters", async () => {
    const text = "gr\u00fc\u00dfe, \u{1f600} \u0000 \ud7ff";
    for (let time = 0; time < 2; time++) expect((await post(running.url, message("A", text))).status).toBe(200);
    expect((await post(running.url, message("B", "next"))).status).toBe(200);
    await running.handled("next");
    expect(running.texts).toEqual([text, "next"]);
  });

  it("refuses a wrong and a missing signature, and goes on serving the same connection", async () => {
    for (const signature of ["guessed", ""]) {
      const response = await post(running.url, message("C"), signature);
      expect([response.status, await response.text()]).toEqual([401, ""]);
    }
    for (let turn = 0; turn < 20; turn++) expect((await post(running.url, message("C"), "guessed")).status).toBe(401);
    expect((await post(running.url, message("D"))).status).toBe(200);
  });

  it("answers 413 to what is too long, whether or not its length is declared, and then serves on", async () => {
    const long = message("E", "x".repeat(5 * maxBodyBytes));
    expect((await post(running.url, long)).status).toBe(413);
    expect(await postInPieces(running.url, long)).toBe(413);
    expect((await post(running.url, message("F"))).status).toBe(200);
  });

  it("takes a body that comes in many pieces", async () => {
    const text = "x".repeat(50_000);
    expect(await postInPieces(running.url, message("G", text))).toBe(200);
    await running.handled(text);
  });

  it("survives a sender that goes away in the middle", async () => {
    const socket = connect(Number(new URL(running.url).port), "127.0.0.1");
    await once(socket, "connect");
    const head = `host: x\r\nx-webhook-signature: ${secret}\r\ncontent-type: application/json\r\ncontent-length: 5000`;
    socket.write(`POST /webhook HTTP/1.1\r\n${head}\r\n\r\n{"event":`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    expect((await post(running.url, message("H"))).status).toBe(200);
  });

  it("takes a hundred at once, and handles each", async () => {
    const names = Array.from({ length: 100 }, (_unused, place) => `M${place}`);
    const answers = await Promise.all(names.map((id) => post(running.url, message(id, id))));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    for (const each of names) await running.handled(each);
  });
});

describe("a body that something else read before", () => {
  describe("with Express", () => {
    startBefore("Express behind a JSON parser");
    it("is told to the error handler, with what to do", async () => {
      const response = await post(running.url, message("A"));
      expect(response.status).toBe(500);
      expect(await response.text()).toMatch(
        /^to the error handler: The raw body is gone: .*Mount the handler before it/,
      );
    });
  });

  describe("with Node http", () => {
    startBefore("Node http after something read the body");
    it("is told in the answer, with what to do", async () => {
      const response = await post(running.url, message("A"));
      expect(response.status).toBe(500);
      expect(await response.text()).toMatch(/^The raw body is gone: .*Mount the handler before it/);
    });
  });
});

describe("other methods than POST", () => {
  startBefore("Node http");
  it("are answered with 405 and what is taken, also those that no web request may have", async () => {
    for (const method of ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
      const response = await fetch(running.url, { method });
      expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
    }
    expect(await statusOf(running.url, "TRACE")).toBe(405);
  });
});

function statusOf(url: string, method: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    httpRequest(url, { method }, (incoming) => {
      incoming.resume();
      resolve(incoming.statusCode);
    })
      .on("error", reject)
      .end();
  });
}

/** Without a declared length; keeps on writing whatever the server says, as senders do. */
function postInPieces(url: string, body: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "x-webhook-signature": secret };
    let status: number | undefined;
    const outgoing = httpRequest(url, { method: "POST", headers, agent: false }, (incoming) => {
      status = incoming.statusCode;
      incoming.resume();
      incoming.on("end", () => resolve(status));
    });
    outgoing.on("error", (error) => (status === undefined ? reject(error) : resolve(status)));
    for (let from = 0; from < body.length; from += 7_000) outgoing.write(body.slice(from, from + 7_000));
    outgoing.end();
  });
}
