import type { IncomingMessage } from "node:http";
import { describe, expect, it } from "vitest";
import { signatureProblem } from "../../src/ssm/api/signature.js";

// The service's published test suite: access key, secret and signatures are its own examples.
const identity = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  region: "us-east-1",
};
const request = (method: string, url: string, signature: string): IncomingMessage => {
  const authorization =
    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, " +
    `SignedHeaders=host;x-amz-date, Signature=${signature}`;
  const headers = { authorization, host: "example.amazonaws.com", "x-amz-date": "20150830T123600Z" };
  return { method, url, headers } as unknown as IncomingMessage;
};

describe("the check of a signature", () => {
  it.each([
    ["get-vanilla", "GET", "/", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"],
    ["post-vanilla", "POST", "/", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"],
    [
      "get-vanilla-query-order-key-case",
      "GET",
      "/?Param2=value2&Param1=value1",
      "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
    ],
  ])("agrees with the published example %s", (_name, method, url, signature) => {
    expect(signatureProblem(request(method, url, signature), Buffer.alloc(0), identity)).toBeUndefined();
    expect(signatureProblem(request(method, url, signature), Buffer.from("x"), identity)).toBe("wrong signature");
  });

  it("names what is wrong before it calculates", () => {
    const bare = { method: "GET", url: "/", headers: {} } as unknown as IncomingMessage;
    expect(signatureProblem(bare, Buffer.alloc(0), identity)).toBe("unsigned");
    const other = request("GET", "/", "0".repeat(64));
    expect(signatureProblem(other, Buffer.alloc(0), { ...identity, accessKeyId: "AKIDOTHER" })).toBe(
      "unknown access key",
    );
  });
});
