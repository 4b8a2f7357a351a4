import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import { fixture } from "./support/wire.js";

/** What an application at the edge would write, with its result where the test can reach it. */
const application = `
  import { createWebhookHandler } from "@colloquy/core/webhooks";
  import { readWasenderEvent, wasenderWebhooks } from "@colloquy/wasender/webhooks";
  export const told = [];
  export const handler = createWebhookHandler(wasenderWebhooks, {
    secret: "made-up-secret",
    onEvent: (event) => void told.push([event.type, readWasenderEvent(event).event]),
  });
`;

/** What runtimes at the edge have; above all no \`process\`, no \`Buffer\`, no \`require\`. */
const webGlobals = [
  "AbortController",
  "AbortSignal",
  "DOMException",
  "Headers",
  "ReadableStream",
  "Request",
  "Response",
  "TextDecoder",
  "TextEncoder",
  "URL",
  "clearTimeout",
  "setTimeout",
] as const;

interface Application {
  readonly told: readonly (readonly [string, string])[];
  readonly handler: ((request: Request) => Promise<Response>) & { idle(): Promise<void> };
}

let imports: readonly string[];
let application_: Application;

beforeAll(async () => {
  const { outputFiles, metafile } = await build({
    stdin: { contents: application, resolveDir: new URL(".", import.meta.url).pathname, loader: "ts" },
    bundle: true,
    write: false,
    metafile: true,
    format: "iife",
    globalName: "application",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["@colloquy/source", "import"],
  });
  imports = Object.values(metafile.outputs).flatMap((output) => output.imports.map(({ path }) => path));
  const globals = Object.fromEntries(webGlobals.map((name) => [name, globalThis[name]]));
  const context = createContext(globals);
  application_ = runInContext(`${outputFiles[0]?.text ?? ""}; application`, context) as Application;
});

describe("a runtime at the edge", () => {
  const webhooks = fixture("webhooks") as Readonly<Record<string, unknown>>;
  const post = (body: string, signature: string): Request =>
    new Request("https://edge.test/webhook", { method: "POST", headers: { "x-webhook-signature": signature }, body });

  it("needs nothing of Node's to receive webhooks of this provider", () => {
    expect(imports).toEqual([]);
  });

  it("receives every documented event", async () => {
    for (const envelope of Object.values(webhooks)) {
      const response = await application_.handler(post(JSON.stringify(envelope), "made-up-secret"));
      expect(response.status).toBe(200);
    }
    await application_.handler.idle();
    expect(application_.told).toContainEqual(["message.received", "messages.received"]);
    expect(application_.told).toContainEqual(["message.status", "messages.update"]);
    expect(application_.told).toContainEqual(["provider", "session.status"]);
    expect(application_.told.map(([, name]) => name)).not.toContain("unknown");
  });

  it("refuses a wrong signature, and survives what is no event", async () => {
    expect((await application_.handler(post("{}", "guessed"))).status).toBe(401);
    expect((await application_.handler(post("<html>", "made-up-secret"))).status).toBe(200);
  });
});
