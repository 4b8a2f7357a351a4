import { describe, expect, it } from "vitest";
import { SessionCipher } from "../../src/handshake/cipher.js";
import { vectors } from "../support/vectors.js";

const { plaintextDataKeyHex, clientToAgent, agentToClient } = vectors.encryption;
const key = Buffer.from(plaintextDataKeyHex, "hex");
const noFill = (): void => {};

describe("the session's cipher", () => {
  it.each(clientToAgent)("writes the golden payload of $plaintextHex", ({ nonceHex, payloadHex, plaintextHex }) => {
    const cipher = new SessionCipher(key, (target) => target.set(Buffer.from(nonceHex, "hex")));
    expect(cipher.seal(Buffer.from(plaintextHex, "hex")).toString("hex")).toBe(payloadHex);
  });

  it.each(agentToClient)("reads the agent's golden payload of $plaintextHex", ({ payloadHex, plaintextHex }) => {
    const cipher = new SessionCipher(key, noFill);
    expect(cipher.open(Buffer.from(payloadHex, "hex"))?.toString("hex")).toBe(plaintextHex);
  });

  it("does not open what was changed, is too short, or was made with the other key", () => {
    const cipher = new SessionCipher(key, noFill);
    const good = Buffer.from(agentToClient[0]!.payloadHex, "hex");
    for (let place = 0; place < good.length; place++) {
      const changed = Buffer.from(good);
      changed[place]! ^= 1;
      expect(cipher.open(changed)).toBeUndefined();
    }
    for (let length = 0; length < 28; length++) expect(cipher.open(good.subarray(0, length))).toBeUndefined();
    expect(cipher.open(Buffer.from(clientToAgent[1]!.payloadHex, "hex"))).toBeUndefined();
  });
});
