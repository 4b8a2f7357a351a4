import type { ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import { isColloquyError, type StreamedOperation } from "../../src/contract/index.js";
import { createTransport, type TransportLimits } from "../../src/transport/index.js";
import { fakeProvider, fakeSession } from "./fake-provider.js";
import { json, type Loopback, loopback, type Seen } from "./loopback.js";

interface Story {
  readonly lines: number;
  readonly text: string;
}

/** `POST /story`, whose answer is one piece per line. A line `!` means that the service gave up. */
function story(
  options: Partial<StreamedOperation<unknown, Story, string>> = {},
): StreamedOperation<unknown, Story, string> {
  return {
    name: "story.tell",
    summary: "Tells a story line by line.",
    method: "POST",
    path: "/story",
    credential: "personal_access_token",
    repeatable: "always",
    buckets: [],
    encode: () => ({ body: { kind: "json", value: {} } }),
    decode: ({ text }) => ({ lines: -1, text }),
    pieces: () => {
      const lines: string[] = [];
      let rest = "";
      return {
        push: (text) => {
          const found = (rest + text).split("\n");
          rest = found.pop() as string;
          if (found.includes("!")) throw new TypeError("It gave up.");
          lines.push(...found);
          return found;
        },
        end: () => {
          if (rest !== "") throw new TypeError("The last line is not whole.");
          return { lines: lines.length, text: lines.join("|") };
        },
      };
    },
    ...options,
  };
}

interface Telling {
  readonly limits?: TransportLimits;
  readonly operation?: Partial<StreamedOperation<unknown, Story, string>>;
  readonly onPiece?: (piece: string) => void | Promise<void>;
  readonly signal?: AbortSignal;
}

async function tell({ baseUrl }: Loopback, telling: Telling = {}): Promise<{ story: Story; attempts: number }> {
  const transport = createTransport({ limits: { backoffBaseMs: 1, ...telling.limits } });
  onTestFinished(() => transport.close());
  const { value, attempts } = await transport.execute({
    provider: fakeProvider({ baseUrl, readRateLimits: () => [] }),
    operation: story(telling.operation),
    input: {},
    session: fakeSession(),
    onPiece: async (piece) => telling.onPiece?.(piece as string),
    ...(telling.signal ? { signal: telling.signal } : {}),
  });
  return { story: value, attempts };
}

async function server(answer: (request: Seen, response: ServerResponse, place: number) => void): Promise<Loopback> {
  const listening = await loopback(answer);
  onTestFinished(() => listening.close());
  return listening;
}

const failing = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.fail("It should have failed."),
    (error: unknown) => error,
  );

const begin = (response: ServerResponse, headers: Record<string, string> = {}): void =>
  void response.writeHead(200, { "content-type": "text/plain", ...headers });

describe("an answer that is read while it comes", () => {
  it("reaches the caller piece by piece, before it ends, with characters whole", async () => {
    const heard: string[] = [];
    const service = await server((_request, response) => {
      begin(response);
      const bytes = Buffer.from("grüße\n");
      response.write(bytes.subarray(0, 3));
      setImmediate(() => response.write(bytes.subarray(3)));
      // The rest comes only once the first line was heard: read as a whole, it would never end.
      const waiting = setInterval(() => {
        if (heard.length === 0) return;
        clearInterval(waiting);
        response.end("and good bye\n");
      }, 1);
    });
    const told = await tell(service, { onPiece: (piece) => void heard.push(piece) });
    expect(heard).toEqual(["grüße", "and good bye"]);
    expect(told).toEqual({ story: { lines: 2, text: "grüße|and good bye" }, attempts: 1 });
  });

  it("is read no faster than the caller takes it", async () => {
    let written = 0;
    const service = await server((_request, response) => {
      begin(response);
      const more = (): void => {
        while (written < 1_500) {
          written++;
          if (!response.write(`${"x".repeat(10_000)}\n`)) return void response.once("drain", more);
        }
        response.end();
      };
      more();
    });
    let taken = 0;
    let writtenWhileHeld = 0;
    const { story: whole } = await tell(service, {
      limits: { maxResponseBytes: 100_000_000 },
      onPiece: async () => {
        if (++taken !== 3) return;
        await new Promise((resolve) => setTimeout(resolve, 150));
        writtenWhileHeld = written;
      },
    });
    expect(writtenWhileHeld).toBeLessThan(1_200);
    expect(whole.lines).toBe(1_500);
  });

  it("may take longer than an attempt, as long as it does not pause", async () => {
    const service = await server((_request, response) => {
      begin(response);
      let left = 6;
      const ticking = setInterval(() => {
        if (left-- > 0) return void response.write("tick\n");
        clearInterval(ticking);
        response.end();
      }, 20);
    });
    const told = await tell(service, { limits: { attemptTimeoutMs: 60 }, operation: { idleTimeoutMs: 2_000 } });
    expect(told.story.lines).toBe(6);
  });

  it("that pauses for too long is given up, its fate unknown, and not asked for again", async () => {
    const service = await server((_request, response) => {
      begin(response);
      response.write("once\n");
    });
    const error = await failing(tell(service, { operation: { idleTimeoutMs: 40 } }));
    expect(error).toMatchObject({ code: "OUTCOME_UNKNOWN", outcome: "unknown" });
    expect(service.seen).toHaveLength(1);
  });

  it("is asked for again when it was cut off before its first piece, and never after it", async () => {
    const cutAt = async (text: string): Promise<{ readonly service: Loopback; readonly result: unknown }> => {
      const service = await server((_request, response, place) => {
        begin(response);
        if (place > 1) return void response.end("whole\n");
        response.write(text, () => setTimeout(() => response.destroy(), 10));
      });
      return { service, result: await tell(service).catch((error: unknown) => error) };
    };
    const early = await cutAt("half a li");
    expect(early.result).toEqual({ story: { lines: 1, text: "whole" }, attempts: 2 });
    const late = await cutAt("a line\nhalf a li");
    expect(late.result).toMatchObject({ code: "OUTCOME_UNKNOWN", outcome: "unknown" });
    expect(late.service.seen).toHaveLength(1);
  });

  it("that is refused is handled as always: waited for, repeated, and told with its words", async () => {
    const service = await server((_request, response, place) => {
      if (place === 1) return json(response, 429, { error: "slow down" }, { "retry-after": "0.02" });
      if (place === 2) return json(response, 503, { error: "busy" });
      if (place > 3) return json(response, 422, { message: "no such story" });
      begin(response);
      response.end("at last\n");
    });
    expect(await tell(service)).toEqual({ story: { lines: 1, text: "at last" }, attempts: 3 });
    const error = await failing(tell(service));
    expect(isColloquyError(error) && error.status).toBe(422);
  });

  it("ends the connection when the caller cancels or its callback throws", async () => {
    let closed = 0;
    const service = await server((_request, response) => {
      response.on("close", () => void closed++);
      begin(response);
      response.write("first\nsecond\n");
    });
    const stopping = new AbortController();
    const aborted = await failing(
      tell(service, { signal: stopping.signal, onPiece: (piece) => void (piece === "second" && stopping.abort()) }),
    );
    expect(aborted).toMatchObject({ name: "AbortError" });
    const thrown = new RangeError("The caller had enough.");
    const error = await failing(
      tell(service, {
        onPiece: () => {
          throw thrown;
        },
      }),
    );
    expect(error).toBe(thrown);
    await expect.poll(() => closed).toBe(2);
    expect(service.seen).toHaveLength(2);
  });

  it("that makes no sense is malformed, with its place, and keeps no socket", async () => {
    const service = await server((_request, response, place) => {
      begin(response);
      response.end(place === 1 ? "so\n!\n" : "so\nfar");
    });
    for (const _each of ["in the middle", "at the end"])
      expect(await failing(tell(service))).toMatchObject({ code: "RESPONSE_MALFORMED", operation: "story.tell" });
    expect(service.seen).toHaveLength(2);
  });

  it("is bounded in size, and read when it is compressed though nobody asked for that", async () => {
    const service = await server((request, response, place) => {
      expect(request.headers["accept-encoding"]).toBe("identity");
      begin(response, place === 1 ? {} : { "content-encoding": "gzip" });
      response.end(place === 1 ? "x\n".repeat(5_000) : gzipSync("packed\n"));
    });
    const error = await failing(tell(service, { limits: { maxResponseBytes: 4_000 } }));
    expect(error).toMatchObject({ code: "RESPONSE_TOO_LARGE" });
    expect((await tell(service)).story.text).toBe("packed");
  });
});
