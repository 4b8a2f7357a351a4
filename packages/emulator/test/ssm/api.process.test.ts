import { createHash, createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { useSsmStage } from "./support/ssm-stage.js";

describe("the services' operations", () => {
  const stage = useSsmStage();
  const target = "i-0123456789abcdef0";

  it("start, resume and terminate a session in the API's words", async () => {
    const request = { Target: target, DocumentName: "Colloquy-Bulk", Parameters: { bytes: ["8"], end: ["stay"] } };
    const { status, body } = await stage.api("AmazonSSM.StartSession", request);
    expect(status).toBe(200);
    expect(Object.keys(body).toSorted()).toEqual(["SessionId", "StreamUrl", "TokenValue"]);
    const { SessionId: id, StreamUrl: url } = body;
    expect(url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/v1\/data-channel\/colloquy-[0-9a-f]{17}\?role=publish_subscribe&/);
    const resumed = await stage.api("AmazonSSM.ResumeSession", { SessionId: id });
    expect(resumed.body).toMatchObject({ SessionId: id, StreamUrl: url });
    expect(resumed.body.TokenValue).not.toBe(body.TokenValue);
    expect((await stage.api("AmazonSSM.TerminateSession", { SessionId: id })).body).toEqual({ SessionId: id });
    expect(stage.ssm.session(id)).toMatchObject({ state: "terminated", target, document: "Colloquy-Bulk" });
    // A session that is over is resumed without a token.
    expect((await stage.api("AmazonSSM.ResumeSession", { SessionId: id })).body).toEqual({
      SessionId: id,
      StreamUrl: url,
    });
    expect(
      stage.ssm.requests.map(({ operation, status: answered, sessionId }) => [operation, answered, sessionId]),
    ).toEqual([
      ["AmazonSSM.StartSession", 200, undefined],
      ["AmazonSSM.ResumeSession", 200, id],
      ["AmazonSSM.TerminateSession", 200, id],
      ["AmazonSSM.ResumeSession", 200, id],
    ]);
  });

  it("are found at the root too, as a client of the real services would look", async () => {
    const response = await fetch(`${stage.emulator.url}/`, {
      method: "POST",
      headers: { "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "AmazonSSM.StartSession" },
      body: JSON.stringify({ Target: target }),
    });
    expect(response.headers.get("content-type")).toBe("application/x-amz-json-1.1");
    expect(response.headers.get("x-amzn-requestid")).toMatch(/^[0-9a-f-]{36}$/);
    const { SessionId: id } = (await response.json()) as { SessionId: string };
    expect(stage.ssm.session(id).document).toBe("SSM-SessionManagerRunShell");
  });

  it.each([
    ["AmazonSSM.StartSession", {}, 400, "ValidationException"],
    ["AmazonSSM.StartSession", { Target: target, DocumentName: "No-Such" }, 400, "InvalidDocument"],
    [
      "AmazonSSM.StartSession",
      { Target: target, DocumentName: "AWS-StartPortForwardingSession" },
      400,
      "InvalidParameters",
    ],
    [
      "AmazonSSM.StartSession",
      { Target: target, DocumentName: "Colloquy-Bulk", Parameters: { bytes: ["many"] } },
      400,
      "InvalidParameters",
    ],
    ["AmazonSSM.ResumeSession", { SessionId: "nobody" }, 400, "DoesNotExistException"],
    ["AmazonSSM.TerminateSession", { SessionId: "nobody" }, 400, "DoesNotExistException"],
    ["AmazonSSM.DescribeSessions", {}, 400, "UnknownOperationException"],
    ["TrentService.Decrypt", { CiphertextBlob: "bm90aGluZw==" }, 400, "InvalidCiphertextException"],
  ])("refuse %s of %o", async (operation, request, status, type) => {
    const answer = await stage.api(operation, request);
    expect(answer).toMatchObject({ status, body: { __type: type, message: expect.any(String) } });
    expect(stage.ssm.requests.at(-1)).toMatchObject({ operation, status, error: type });
  });

  it("answer a resumption as the dial says", async () => {
    const { SessionId } = stage.ssm.start({ document: "Colloquy-Echo" });
    const resume = (resumeAnswer: typeof stage.ssm.dials.resumeAnswer) => {
      stage.ssm.set({ resumeAnswer });
      return stage.api("AmazonSSM.ResumeSession", { SessionId });
    };
    expect((await resume("no_token")).body.TokenValue).toBeUndefined();
    expect(await resume("denied")).toMatchObject({ status: 400, body: { __type: "ExpiredTokenException" } });
    expect(await resume("unavailable")).toMatchObject({ status: 503 });
    const { TokenValue } = (await resume("revoked_token")).body;
    const { client, id } = stage.client({ document: "Colloquy-Echo" });
    await client.open(TokenValue);
    await client.until(() => client.wsClosed !== undefined, "the close");
    expect(client.wsClosed).toMatchObject({ code: 1_008 });
    stage.ssm.revokeTokens(id);
    await client.open();
    await client.until(() => client.wsClosed !== undefined, "the close");
    expect(stage.ssm.session(id).counters.connections).toBe(0);
    await client.open(stage.ssm.resume(id).TokenValue);
    await client.until(() => stage.ssm.session(id).counters.connections === 1, "the connection");
  });

  it("know targets that are not connected, and a key service that refuses", async () => {
    stage.ssm.set({ targetConnected: false, kmsRefuses: true });
    expect(await stage.api("AmazonSSM.StartSession", { Target: target })).toMatchObject({
      status: 400,
      body: { __type: "TargetNotConnected" },
    });
    expect(await stage.api("TrentService.GenerateDataKey", { KeyId: "alias/x", NumberOfBytes: 64 })).toMatchObject({
      status: 400,
      body: { __type: "AccessDeniedException" },
    });
  });

  it("make data keys that open again for the same context only", async () => {
    const EncryptionContext = { b: "2", a: "1" };
    const { body } = await stage.api("TrentService.GenerateDataKey", {
      KeyId: "alias/x",
      NumberOfBytes: 64,
      EncryptionContext,
    });
    expect(Buffer.from(body.Plaintext, "base64")).toHaveLength(64);
    const { CiphertextBlob } = body;
    const opened = await stage.api("TrentService.Decrypt", { CiphertextBlob, EncryptionContext: { a: "1", b: "2" } });
    expect(opened.body).toMatchObject({ KeyId: "alias/x", Plaintext: body.Plaintext });
    const other = await stage.api("TrentService.Decrypt", { CiphertextBlob, EncryptionContext: { a: "1" } });
    expect(other.body.__type).toBe("InvalidCiphertextException");
    const spec = await stage.api("TrentService.GenerateDataKey", { KeyId: "alias/x", KeySpec: "AES_256" });
    expect(Buffer.from(spec.body.Plaintext, "base64")).toHaveLength(32);
  });

  it("keep web pages out", async () => {
    const start = { Target: target };
    expect((await stage.api("AmazonSSM.StartSession", start, { Origin: "https://example.com" })).status).toBe(403);
    // What a form of another site can send without asking.
    const plain = await stage.api("AmazonSSM.StartSession", start, { "Content-Type": "text/plain" });
    expect(plain.body.__type).toBe("SerializationException");
    expect(stage.ssm.sessions).toEqual([]);
  });
});

describe("signatures", () => {
  const stage = useSsmStage({
    dials: { signatures: "verified" },
    credentials: { accessKeyId: "AKIAMADEUP", secretAccessKey: "made/up" },
    region: "eu-north-1",
  });

  /** Signature Version 4, for these requests only: written from its description, apart from the emulator's. */
  const signed = (body: string, secret = "made/up", region = "eu-north-1"): Record<string, string> => {
    const date = "20260821T120000Z";
    const host = new URL(stage.emulator.url).host;
    const sha = (text: string): string => createHash("sha256").update(text).digest("hex");
    const canonical = `POST\n/ssm\n\nhost:${host}\nx-amz-date:${date}\n\nhost;x-amz-date\n${sha(body)}`;
    const scope = `20260821/${region}/ssm/aws4_request`;
    const mac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();
    const key = mac(mac(mac(mac(`AWS4${secret}`, "20260821"), region), "ssm"), "aws4_request");
    const signature = mac(key, `AWS4-HMAC-SHA256\n${date}\n${scope}\n${sha(canonical)}`).toString("hex");
    return {
      "X-Amz-Date": date,
      Authorization: `AWS4-HMAC-SHA256 Credential=AKIAMADEUP/${scope}, SignedHeaders=host;x-amz-date, Signature=${signature}`,
    };
  };
  const start = { Target: "i-1", DocumentName: "Colloquy-Echo" };

  it("are checked to the last byte when the dial says so", async () => {
    const good = await stage.api("AmazonSSM.StartSession", start, signed(JSON.stringify(start)));
    expect(good.status).toBe(200);
    expect(stage.ssm.requests.at(-1)?.isSigned).toBe(true);
    const problems = [
      signed(`${JSON.stringify(start)} `),
      signed(JSON.stringify(start), "wrong"),
      signed(JSON.stringify(start), "made/up", "us-east-1"),
    ];
    for (const headers of problems) {
      const answer = await stage.api("AmazonSSM.StartSession", start, headers);
      expect(answer).toMatchObject({ status: 400, body: { __type: "InvalidSignatureException" } });
    }
    const unsigned = await stage.api("AmazonSSM.StartSession", start);
    expect(unsigned).toMatchObject({ status: 400, body: { __type: "MissingAuthenticationTokenException" } });
  });

  it("may be merely there, or not at all", async () => {
    stage.ssm.set({ signatures: "required" });
    expect((await stage.api("AmazonSSM.StartSession", start, signed("whatever", "wrong"))).status).toBe(200);
    expect((await stage.api("AmazonSSM.StartSession", start)).status).toBe(400);
    stage.ssm.set({ signatures: "ignored" });
    expect((await stage.api("AmazonSSM.StartSession", start)).status).toBe(200);
  });
});
