import { virtualClock } from "@colloquy/core/testing";
import { describe, expect, it } from "vitest";
import {
  type AwsOptions,
  environmentCredentials,
  kmsDataKeys,
  sessionApi,
  signedUpgrade,
} from "../../src/aws/index.js";
import { signRequest } from "../../src/aws/sign.js";

const keys = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const scope = { region: "us-east-1", service: "service", nowMs: Date.UTC(2015, 7, 30, 12, 36, 0) };

describe("signature version 4", () => {
  const signatureOf = (method: string, url: string): string | undefined =>
    signRequest({ method, url: new URL(url), headers: {}, body: "" }, keys, scope)["authorization"];

  it("agrees with the published examples", () => {
    expect(signatureOf("GET", "https://example.amazonaws.com/")).toBe(
      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    );
    expect(signatureOf("POST", "https://example.amazonaws.com/")).toContain(
      "Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
    );
    expect(signatureOf("GET", "https://example.amazonaws.com/?Param2=value2&Param1=value1")).toContain(
      "Signature=b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
    );
  });

  it("signs the token of temporary keys", () => {
    const headers = signRequest(
      { method: "GET", url: new URL("https://example.amazonaws.com/"), headers: {}, body: "" },
      { ...keys, sessionToken: "temporary" },
      scope,
    );
    expect(headers["x-amz-security-token"]).toBe("temporary");
    expect(headers["authorization"]).toContain("SignedHeaders=host;x-amz-date;x-amz-security-token,");
  });
});

interface Sent {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

function service(status: number, answer: unknown): { readonly options: AwsOptions; readonly sent: Sent[] } {
  const sent: Sent[] = [];
  const options: AwsOptions = {
    region: "eu-central-1",
    credentials: () => Promise.resolve(keys),
    clock: virtualClock(scope.nowMs),
    fetch: (url, init) => {
      sent.push({
        url: new URL(url instanceof Request ? url.url : url).href,
        headers: { ...(init?.headers as Record<string, string>) },
        body: JSON.parse(init?.body as string) as unknown,
      });
      if (answer instanceof Error) return Promise.reject(answer);
      return Promise.resolve(new Response(typeof answer === "string" ? answer : JSON.stringify(answer), { status }));
    },
  };
  return { options, sent };
}

const never = new AbortController().signal;

describe("requests about sessions", () => {
  it("start one", async () => {
    const { options, sent } = service(200, { SessionId: "s-1", StreamUrl: "wss://x.invalid/", TokenValue: "t" });
    const started = await sessionApi(options).startSession({
      target: "i-1",
      documentName: "AWS-StartPortForwardingSession",
      parameters: { portNumber: ["80"] },
    });
    expect(started).toEqual({ sessionId: "s-1", streamUrl: "wss://x.invalid/", tokenValue: "t", target: "i-1" });
    expect(sent[0]).toMatchObject({
      url: "https://ssm.eu-central-1.amazonaws.com/",
      headers: {
        "x-amz-target": "AmazonSSM.StartSession",
        "content-type": "application/x-amz-json-1.1",
        "x-amz-date": "20150830T123600Z",
      },
      body: { Target: "i-1", DocumentName: "AWS-StartPortForwardingSession", Parameters: { portNumber: ["80"] } },
    });
    expect(sent[0]!.headers["authorization"]).toContain(
      "Credential=AKIDEXAMPLE/20150830/eu-central-1/ssm/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-target,",
    );
    expect(sent[0]!.headers["host"]).toBeUndefined();
  });

  it("resume one with a new token, or learn that there is none any more", async () => {
    const { options, sent } = service(200, { SessionId: "s-1", TokenValue: "t-2", StreamUrl: "wss://other.invalid/" });
    expect(await sessionApi({ ...options, endpoint: "http://127.0.0.1:1/" }).resume("s-1", never)).toEqual({
      token: "t-2",
    });
    expect(sent[0]).toMatchObject({
      url: "http://127.0.0.1:1/",
      headers: { "x-amz-target": "AmazonSSM.ResumeSession" },
      body: { SessionId: "s-1" },
    });
    expect(await sessionApi(service(200, { SessionId: "s-1" }).options).resume("s-1", never)).toBeUndefined();
  });

  it("terminate one", async () => {
    const { options, sent } = service(200, { SessionId: "s-1" });
    await sessionApi(options).terminate("s-1");
    expect(sent[0]).toMatchObject({
      headers: { "x-amz-target": "AmazonSSM.TerminateSession" },
      body: { SessionId: "s-1" },
    });
  });

  it.each([
    [400, { __type: "com.amazonaws.ssm#DoesNotExistException" }, "REMOTE_NOT_FOUND"],
    [400, { __type: "AccessDeniedException" }, "PERMISSION_DENIED"],
    [400, { __type: "ExpiredTokenException" }, "CREDENTIAL_REJECTED"],
    [400, { __type: "ThrottlingException" }, "RATE_LIMITED"],
    [400, { __type: "TargetNotConnected" }, "SESSION_NOT_CONNECTED"],
    [400, { __type: 7 }, "PROVIDER_REJECTED"],
    [403, "<html>", "CREDENTIAL_REJECTED"],
    [429, "", "RATE_LIMITED"],
    [503, "oops", "PROVIDER_UNAVAILABLE"],
    [200, "<html>", "RESPONSE_MALFORMED"],
    [200, "null", "RESPONSE_MALFORMED"],
    [200, {}, "RESPONSE_MALFORMED"],
    [0, new Error("refused"), "NETWORK_UNREACHABLE"],
  ])("fail after %d %j with %s", async (status, answer, code) => {
    const { options } = service(status, answer);
    const error: unknown = await sessionApi(options)
      .startSession({ target: "i-1" })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code, providerId: "ssm" });
    expect(JSON.stringify(error)).not.toContain(keys.secretAccessKey);
  });
});

describe("data keys of KMS", () => {
  const request = {
    keyId: "alias/x",
    numberOfBytes: 64,
    encryptionContext: { "aws:ssm:SessionId": "s-1" },
    signal: never,
  };

  it("are asked for with the context", async () => {
    const plaintext = Buffer.alloc(64, 7);
    const { options, sent } = service(200, {
      Plaintext: plaintext.toString("base64"),
      CiphertextBlob: Buffer.from("blob").toString("base64"),
    });
    const key = await kmsDataKeys(options).generateDataKey(request);
    expect([Buffer.from(key.plaintext), Buffer.from(key.ciphertextBlob).toString()]).toEqual([plaintext, "blob"]);
    expect(sent[0]).toMatchObject({
      url: "https://kms.eu-central-1.amazonaws.com/",
      headers: { "x-amz-target": "TrentService.GenerateDataKey" },
      body: { KeyId: "alias/x", NumberOfBytes: 64, EncryptionContext: { "aws:ssm:SessionId": "s-1" } },
    });
    await expect(kmsDataKeys(service(200, { Plaintext: "" }).options).generateDataKey(request)).rejects.toMatchObject({
      code: "RESPONSE_MALFORMED",
    });
  });

  it("keep the reason of an abort", async () => {
    const { options } = service(200, new DOMException("too late", "AbortError"));
    await expect(
      kmsDataKeys(options).generateDataKey({ ...request, signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe("the signed upgrade", () => {
  const sign = signedUpgrade({
    region: "us-east-1",
    credentials: { ...keys, sessionToken: "temporary" },
    clock: virtualClock(scope.nowMs),
  });

  it("signs for the message service, unless the URL is signed already", async () => {
    const headers = await sign("wss://ssmmessages.us-east-1.amazonaws.com/v1/data-channel/s-1?role=publish_subscribe");
    expect(headers["authorization"]).toContain(
      "/us-east-1/ssmmessages/aws4_request, SignedHeaders=host;x-amz-date;x-amz-security-token,",
    );
    expect(await sign("wss://ssmmessages.us-east-1.amazonaws.com/?X-Amz-Signature=1")).toEqual({});
  });
});

describe("keys from the environment", () => {
  it("are all or an error that names what is missing", () => {
    expect(environmentCredentials({ AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" })).toEqual({
      accessKeyId: "a",
      secretAccessKey: "b",
    });
    expect(
      environmentCredentials({ AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b", AWS_SESSION_TOKEN: "c" }),
    ).toEqual({
      accessKeyId: "a",
      secretAccessKey: "b",
      sessionToken: "c",
    });
    expect(() => environmentCredentials({ AWS_ACCESS_KEY_ID: "a" })).toThrow(
      expect.objectContaining({ code: "CREDENTIAL_MISSING" }),
    );
  });
});
