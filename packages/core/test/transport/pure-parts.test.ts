import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRetryAfter } from "../../src/contract/index.js";
import { Concurrency } from "../../src/transport/concurrency.js";
import { classifyFault } from "../../src/transport/fault.js";
import { MinHeap } from "../../src/transport/min-heap.js";
import { defaultTransportLimits, resolveLimits } from "../../src/transport/options.js";
import { contentOf, redactedCause, redactedExcerpt, redactText } from "../../src/transport/redact.js";
import { bodyRetryAfterMs } from "../../src/transport/retry-after.js";
import { RoundTrip } from "../../src/transport/round-trip.js";
import { StampLog } from "../../src/transport/stamp-log.js";
import { buildWireRequest, wireUrl } from "../../src/transport/wire-request.js";
import { readWireResponse } from "../../src/transport/wire-response.js";
import { look } from "./fake-provider.js";

describe("Retry-After", () => {
  const nowMs = Date.UTC(2026, 10, 21, 12, 0, 0);

  it.each([
    ["5", 5_000],
    ["0", 0],
    ["1.5", 1_500],
    [" 7 ", 7_000],
    ["Sat, 21 Nov 2026 12:00:30 GMT", 30_000],
    ["Sat, 21 Nov 2026 11:00:00 GMT", 0],
    ["Saturday, 21-Nov-26 12:00:30 GMT", 30_000],
    ["2026-11-21T12:01:00Z", 60_000],
  ])("reads %j", (text, ms) => {
    expect(parseRetryAfter(text, nowMs)).toBe(ms);
  });

  it.each(["", "-5", "soon", "NaN", "1e9999", "Infinity", undefined])("makes nothing of %j", (text) => {
    expect(parseRetryAfter(text, nowMs)).toBeUndefined();
  });

  it.each([
    [{ retry_after: 5 }, 5_000],
    [{ retryAfter: "2" }, 2_000],
    [{ retry_after_ms: 1_234 }, 1_234],
    [{ retry_after: 0.2 }, 200],
    [{ retry_after: -1 }, undefined],
    [{ retry_after: "later" }, undefined],
    [null, undefined],
    ["retry_after", undefined],
  ])("in a body %j", (body, ms) => {
    expect(bodyRetryAfterMs(body)).toBe(ms);
  });
});

describe("redaction", () => {
  it.each([
    ["a bearer token", "Authorization: Bearer abc.def-ghi_123456", "abc.def-ghi_123456"],
    ["a key of 64 hex digits", `key ${"0a".repeat(32)} is bad`, "0a0a0a"],
    ["a phone number", "no such number +1 (555) 010-0123", "010-0123"],
    ["plain digits", "15550100123 is not on the network", "15550100123"],
    ["a JID", "15550100@s.whatsapp.net not found", "s.whatsapp.net"],
  ])("takes out %s", (_name, text, secret) => {
    expect(redactText(text)).not.toContain(secret);
    expect(redactText(text)).toContain("[redacted]");
  });

  it("takes out known secrets however they are written", () => {
    const secret = 'tok en/"42"';
    for (const text of [secret, encodeURIComponent(secret), JSON.stringify(secret)])
      expect(redactText(`said ${text}!`, [secret])).not.toContain("42");
  });

  it("leaves ordinary words and codes alone", () => {
    const text = "The status must be one of sent, failed (code 422, 16 MB at most).";
    expect(redactText(text)).toBe(text);
  });

  it("knows the texts of a body, and leaves its short words readable", () => {
    const body = {
      kind: "json",
      value: { to: "+15550100", text: "hello you", kind: "image", nested: [{ caption: "ein Bild" }] },
    } as const;
    expect(contentOf(body)).toEqual(["+15550100", "hello you", "ein Bild"]);
  });

  it("makes a short line of a page, without its scripts", () => {
    const page = `<html><script>steal("x")</script><h1>Bad\n gateway</h1>${"<p>long</p>".repeat(1_000)}`;
    const line = redactedExcerpt(page, []);
    expect(line.startsWith("Bad gateway")).toBe(true);
    expect(line.length).toBeLessThanOrEqual(301);
  });

  it("keeps name, code and redacted words of a cause, and nothing of its configuration", () => {
    const error = Object.assign(new Error("connect failed for Bearer abcdefgh12345"), {
      name: "AxiosError",
      code: "ECONNRESET",
      config: { headers: { Authorization: "Bearer abcdefgh12345" } },
    });
    const cause = redactedCause(error, []);
    expect(cause).toMatchObject({ name: "AxiosError", code: "ECONNRESET" });
    expect(JSON.stringify(cause, Object.getOwnPropertyNames(cause))).not.toContain("abcdefgh12345");
  });

  it("finishes quickly on hostile text", () => {
    const began = performance.now();
    for (const text of ["1 ".repeat(50_000), "<".repeat(100_000), "a@".repeat(50_000), "bearer ".repeat(20_000)])
      redactedExcerpt(text, []);
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});

describe("a request's path", () => {
  const path = (id: unknown): string => buildWireRequest(look, { id }, {}).path;

  it("has its places filled percent-encoded", () => {
    expect(path("+1 2/3?x#y%")).toBe("/things/%2B1%202%2F3%3Fx%23y%25");
    expect(path(42)).toBe("/things/42");
  });

  it.each([undefined, null, "", ".", "..", "\ud800"])("is refused for %j, with nothing attempted", (id) => {
    expect(() => path(id)).toThrow(expect.objectContaining({ code: "INPUT_INVALID", outcome: "not_attempted" }));
  });

  it("can hold any other text, and always stays in its place", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (id) => {
        fc.pre(id !== "." && id !== ".." && id.isWellFormed());
        const url = new URL(wireUrl("http://host.test/base/", buildWireRequest(look, { id }, {})));
        expect(url.pathname.startsWith("/base/things/")).toBe(true);
        expect(decodeURIComponent(url.pathname.slice("/base/things/".length))).toBe(id);
        expect(url.search).toBe("?verbose=true");
      }),
    );
  });
});

describe("an answer's body", () => {
  const read = (text: string | Uint8Array, contentType?: string) =>
    readWireResponse(200, contentType ? { "Content-Type": contentType } : {}, Buffer.from(text), 1);

  it.each([
    ["null", "application/json", "json", null],
    ['\ufeff{"a":1}', "application/json; charset=utf-8", "json", { a: 1 }],
    ['{"a":1}', "text/html", "json", { a: 1 }],
    ["404", "text/plain", "other", undefined],
    ['{"a":', "application/json", "other", undefined],
    ["<p>hi</p>", "text/html", "other", undefined],
    ["", "application/json", "empty", undefined],
    ["  \n", "application/json", "empty", undefined],
    ["true", undefined, "json", true],
  ])("%j as %s is %s", (text, contentType, format, body) => {
    expect(read(text, contentType)).toMatchObject({ format, body });
  });

  it("keeps at most 64 KiB of text, and header names in lower case", () => {
    const response = readWireResponse(
      200,
      { "X-Many": ["a", "b"], "X-None": undefined },
      Buffer.alloc(200_000, "x"),
      5,
    );
    expect(response.text).toHaveLength(65_536);
    expect(response.headers).toEqual({ "x-many": "a, b" });
  });

  it("is read whatever the bytes are", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(["json", "empty", "other"]).toContain(read(bytes, "application/json").format);
      }),
    );
  });
});

describe("a fault", () => {
  it.each([
    [{ code: "ECONNREFUSED" }, "unreachable"],
    [{ code: "ENOTFOUND" }, "unreachable"],
    [{ code: "EAI_AGAIN" }, "unreachable"],
    [{ code: "EHOSTUNREACH" }, "unreachable"],
    [{ code: "ENETUNREACH" }, "unreachable"],
    [{ code: "ETIMEDOUT", errors: [{ syscall: "connect" }, { syscall: "connect" }] }, "unreachable"],
    [{ code: "ETIMEDOUT", syscall: "connect" }, "unreachable"],
    [{ code: "ETIMEDOUT", syscall: "read" }, "lost"],
    [{ code: "CERT_HAS_EXPIRED" }, "untrusted"],
    [{ code: "DEPTH_ZERO_SELF_SIGNED_CERT" }, "untrusted"],
    [{ code: "ERR_TLS_CERT_ALTNAME_INVALID" }, "untrusted"],
    [{ code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" }, "untrusted"],
    [{ code: "ECONNRESET" }, "lost"],
    [{ code: "EPIPE" }, "lost"],
    [{ code: "ERR_BAD_RESPONSE", message: "stream has been aborted" }, "lost"],
    [{ code: "ERR_BAD_RESPONSE", message: "maxContentLength size of 5 exceeded" }, "too_large"],
    [{ code: "ERR_BAD_REQUEST", message: "Request body larger than maxBodyLength limit" }, "unsendable"],
    [{}, "lost"],
    [undefined, "lost"],
    ["text", "lost"],
  ])("%j is %s", (error, fault) => {
    expect(classifyFault(error)).toBe(fault);
  });
});

describe("small structures", () => {
  it("the heap gives the smallest first", () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (numbers) => {
        const heap = new MinHeap<number>((number) => number);
        for (const number of numbers) heap.push(number);
        const sorted = Array.from({ length: numbers.length }, () => heap.pop());
        expect(sorted).toEqual(numbers.toSorted((a, b) => a - b));
        expect(heap.pop()).toBeUndefined();
      }),
    );
  });

  it("the log of stamps never dates a request earlier than it was, and stays small", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 200 }), (stamps) => {
        const log = new StampLog();
        for (const stamp of stamps) log.add(stamp, 10_000);
        const kept = [...log.instants()];
        const sorted = stamps.toSorted((a, b) => a - b);
        expect(kept).toHaveLength(stamps.length);
        kept.forEach((atMs, place) => {
          expect(atMs).toBeGreaterThanOrEqual(sorted[place] as number);
          expect(atMs - (sorted[place] as number)).toBeLessThan(20);
          expect(log.instantOf(place + 1)).toBe(atMs);
        });
        expect(log.countAfter(10_000) + log.countUntil(10_000)).toBe(stamps.length);
      }),
    );
  });

  it("limits are checked: what is unknown or not above zero is a mistake in the program", () => {
    expect(resolveLimits({ maxAttempts: 2 })).toEqual({ ...defaultTransportLimits, maxAttempts: 2 });
    expect(() => resolveLimits({ maxAttempts: 0 })).toThrow(TypeError);
    expect(() => resolveLimits({ maxAttempts: Number.NaN })).toThrow(TypeError);
    expect(() => resolveLimits({ maxAttemps: 2 } as never)).toThrow(TypeError);
  });
});

describe("requests in flight at once", () => {
  const most = (roundTripMs: number, cap = 32): number => {
    const roundTrip = new RoundTrip();
    for (let answers = 0; answers < 4; answers++) roundTrip.observe(roundTripMs);
    const places = new Concurrency(cap, roundTrip);
    let taken = 0;
    for (; places.freeAt(0) <= 0; taken++) places.take();
    return taken;
  };

  it.each([
    [1, 4],
    [10, 4],
    [50, 20],
    [80, 32],
    [400, 32],
  ])("over a way of %s ms are %s, so that the distance does not set the pace", (roundTripMs, count) => {
    expect(most(roundTripMs)).toBe(count);
  });

  it("stay few until several answers agree that the way is long", () => {
    const roundTrip = new RoundTrip();
    roundTrip.observe(80);
    const places = new Concurrency(32, roundTrip);
    let taken = 0;
    for (; places.freeAt(0) <= 0; taken++) places.take();
    expect(taken).toBe(4);
  });

  it("are never more than the caller allows", () => {
    expect(most(400, 2)).toBe(2);
    expect(most(1, 2)).toBe(2);
  });
});

describe("a round trip", () => {
  it.each([
    [1, 0],
    [5, 0],
    [20, 5],
    [100, 85],
  ])("of %s ms is relied on for %s ms once it was seen often", (roundTripMs, sureMs) => {
    const roundTrip = new RoundTrip();
    for (let answers = 0; answers < 15; answers++) roundTrip.observe(roundTripMs);
    expect(roundTrip.sureMs).toBe(0);
    roundTrip.observe(roundTripMs);
    expect(roundTrip.sureMs).toBe(sureMs);
  });
});
