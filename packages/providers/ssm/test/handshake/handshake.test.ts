import { createCipheriv, createDecipheriv, createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type DataKeyProvider, type DataKeyRequest, openDataChannel } from "../../src/index.js";
import { handshakeRequest, type Setting, setting, shakeHands } from "../support/setting.js";
import { buildFrame } from "../support/wire.js";

const response = ({ agent }: Setting): Record<string, unknown> =>
  JSON.parse(agent.input.find(({ payloadType }) => payloadType === 6)!.payload.toString()) as Record<string, unknown>;

describe("the handshake", () => {
  it("is answered byte for byte as the genuine client answers, with sequence 0", async () => {
    const scene = setting();
    shakeHands(scene.agent, handshakeRequest("InteractiveCommands"), "Welcome.");
    const session = await scene.open();
    const [first] = scene.agent.input;
    expect(first).toMatchObject({ sequence: 0, payloadType: 6, flags: 0 });
    expect(first!.payload.toString()).toBe(
      '{"ClientVersion":"1.2.677.0","ProcessedClientActions":[{"ActionType":"SessionType","ActionStatus":1,"ActionResult":null,"Error":""}],"Errors":null}',
    );
    expect(session).toMatchObject({
      sessionType: "InteractiveCommands",
      agentVersion: "3.3.987.0",
      customerMessage: "Welcome.",
      isEncrypted: false,
    });
  });

  it("lets nothing else leave before it is complete, as agents would throw it away", async () => {
    const scene = setting();
    scene.agent.send(5, handshakeRequest("Standard_Stream"));
    const opening = openDataChannel(scene.options);
    await scene.clock.advance(5000);
    expect(scene.agent.input.map(({ payloadType }) => payloadType)).toEqual([6]);
    scene.agent.send(7, JSON.stringify({ HandshakeTimeToComplete: 1, CustomerMessage: "" }));
    const session = await scene.passing(opening);
    session.shell().write("x");
    await scene.clock.advance(20);
    expect(scene.agent.input.map(({ payloadType }) => payloadType)).toEqual([6, 3, 1]);
  });

  it("keeps output that overtakes its completion", async () => {
    const scene = setting();
    scene.agent.send(5, handshakeRequest("Standard_Stream"));
    const opening = openDataChannel(scene.options);
    await scene.clock.advance(100);
    scene.agent.raw(
      buildFrame({ type: "output_stream_data", sequence: 2, payloadType: 1, payload: Buffer.from("early") }),
    );
    await scene.clock.advance(20);
    expect(scene.agent.acknowledged).toEqual([0]);
    scene.agent.send(7, "{}");
    const shell = (await scene.passing(opening)).shell();
    await scene.clock.advance(20);
    expect(shell.read()?.toString()).toBe("early");
    expect(scene.agent.acknowledged).toEqual([0, 1, 2]);
  });

  it("has 15 s", async () => {
    const scene = setting();
    scene.agent.send(5, handshakeRequest("Standard_Stream"));
    const opening = openDataChannel(scene.options);
    opening.catch(() => {});
    await scene.clock.advance(14_990);
    expect(scene.statuses).toEqual(["connecting"]);
    await scene.clock.advance(100);
    await expect(opening).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED" });
  });

  it("answers an unknown action with status 3 and goes on as the agent decides", async () => {
    const scene = setting();
    shakeHands(
      scene.agent,
      handshakeRequest("Standard_Stream", null, "3.3.0.0", [{ ActionType: "Dance", ActionParameters: {} }]),
    );
    await expect(scene.open()).rejects.toMatchObject({ code: "UNSUPPORTED" });
    expect(response(scene)).toEqual({
      ClientVersion: "1.2.677.0",
      ProcessedClientActions: [
        { ActionType: "SessionType", ActionStatus: 1, ActionResult: null, Error: "" },
        { ActionType: "Dance", ActionStatus: 3, ActionResult: null, Error: "Unsupported action Dance" },
      ],
      Errors: ["Unsupported action Dance"],
    });
  });

  it("refuses an unknown session type with status 2 and the bare error beside it", async () => {
    const scene = setting();
    shakeHands(scene.agent, handshakeRequest("Hologram"));
    await expect(scene.open()).rejects.toMatchObject({ code: "UNSUPPORTED" });
    expect(response(scene)).toMatchObject({
      ProcessedClientActions: [
        { ActionStatus: 2, Error: "Failed to process action SessionType: Unknown session type Hologram" },
      ],
      Errors: ["Unknown session type Hologram"],
    });
  });

  it.each(["", "null", "[]", "{}", '{"RequestedClientActions":7}'])(
    "fails clearly when the request is %j",
    async (request) => {
      const scene = setting();
      scene.agent.send(5, request === "" ? " " : request);
      await expect(scene.open()).rejects.toMatchObject({ code: "RESPONSE_MALFORMED" });
    },
  );

  it("fails clearly when the agent completes what it never began", async () => {
    const scene = setting();
    scene.agent.send(7, "{}");
    await expect(scene.open()).rejects.toMatchObject({ code: "RESPONSE_MALFORMED" });
  });

  it("survives actions that are not what they should be", async () => {
    const scene = setting();
    shakeHands(
      scene.agent,
      JSON.stringify({ AgentVersion: 3, RequestedClientActions: [null, 7, { ActionType: "SessionType" }] }),
    );
    await expect(scene.open()).rejects.toMatchObject({ code: "UNSUPPORTED" });
  });
});

const dataKey = createHash("sha512").update("a data key of 64 bytes").digest();

function fakeKeys(extra: Partial<DataKeyProvider> = {}): DataKeyProvider & { readonly requests: DataKeyRequest[] } {
  const requests: DataKeyRequest[] = [];
  return {
    requests,
    generateDataKey: (request) => {
      requests.push(request);
      return Promise.resolve({ plaintext: dataKey, ciphertextBlob: Buffer.from("opaque-ciphertext-blob") });
    },
    ...extra,
  };
}

/** The agent's side of the cipher, apart from the package's. */
const agentSeals = (plain: Buffer): Buffer => {
  const nonce = createHash("sha256").update(plain).digest().subarray(0, 12);
  const cipher = createCipheriv("aes-256-gcm", dataKey.subarray(0, 32), nonce);
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
};
const agentOpens = (payload: Buffer): Buffer => {
  const decipher = createDecipheriv("aes-256-gcm", dataKey.subarray(32), payload.subarray(0, 12));
  decipher.setAuthTag(payload.subarray(-16));
  return Buffer.concat([decipher.update(payload.subarray(12, -16)), decipher.final()]);
};

const encryption = {
  ActionType: "KMSEncryption",
  ActionParameters: {
    KMSKeyId: "arn:aws:kms:us-east-1:111122223333:key/1234abcd",
    Challenge: "AAECAwQFBgcICQoLDA0ODw==",
  },
};

/** Encrypts from the response on, and checks the client with a challenge first. */
function encryptedAgent({ agent }: Setting): { readonly challenge: Buffer; readonly answers: Buffer[] } {
  const challenge = createHash("sha512").update("challenge").digest();
  const answers: Buffer[] = [];
  agent.send(5, handshakeRequest("Standard_Stream", null, "3.3.987.0", [encryption]));
  agent.onInput = ({ payloadType, payload }) => {
    if (payloadType === 6) agent.send(8, JSON.stringify({ Challenge: agentSeals(challenge).toString("base64") }));
    if (payloadType === 9) {
      const { Challenge } = JSON.parse(payload.toString()) as { Challenge: string };
      answers.push(agentOpens(Buffer.from(Challenge, "base64")));
      agent.send(7, JSON.stringify({ HandshakeTimeToComplete: 1, CustomerMessage: "This session is encrypted." }));
      agent.send(1, agentSeals(Buffer.from("sh-5.2$ ")));
    }
  };
  return { challenge, answers };
}

describe("an encrypted session", () => {
  it("proves its key with the challenge, and encrypts output both ways but not sizes", async () => {
    const scene = setting();
    const { challenge, answers } = encryptedAgent(scene);
    const dataKeys = fakeKeys();
    const session = await scene.open({ dataKeys, target: "i-0123" });
    expect(answers).toEqual([challenge]);
    expect(session.isEncrypted).toBe(true);
    expect(dataKeys.requests).toMatchObject([
      {
        keyId: "arn:aws:kms:us-east-1:111122223333:key/1234abcd",
        numberOfBytes: 64,
        encryptionContext: { "aws:ssm:SessionId": "s-1", "aws:ssm:TargetId": "i-0123" },
      },
    ]);
    expect(response(scene)["ProcessedClientActions"]).toContainEqual({
      ActionType: "KMSEncryption",
      ActionStatus: 1,
      ActionResult: {
        KMSCipherTextKey: Buffer.from("opaque-ciphertext-blob").toString("base64"),
        KMSCipherTextHash: null,
      },
      Error: "",
    });
    const shell = session.shell();
    shell.write(Buffer.alloc(3000, "k"));
    await scene.clock.advance(100);
    expect(shell.read()?.toString()).toBe("sh-5.2$ ");
    const after = scene.agent.input.filter(({ payloadType }) => payloadType === 3 || payloadType === 1);
    expect(after[0]!.payload.toString()).toBe('{"cols":300,"rows":100}');
    expect(after.slice(1).map(({ payload }) => payload.length)).toEqual([1052, 1052, 952 + 28]);
    expect(Buffer.concat(after.slice(1).map(({ payload }) => agentOpens(payload)))).toEqual(Buffer.alloc(3000, "k"));
  });

  it("binds the challenge into the key when the provider of keys says so", async () => {
    const scene = setting();
    encryptedAgent(scene);
    const dataKeys = fakeKeys({ acknowledgesChallenge: true });
    await scene.open({ dataKeys, target: "i-0123" });
    expect(dataKeys.requests[0]!.encryptionContext).toEqual({
      "aws:ssm:SessionId": "s-1",
      "aws:ssm:TargetId": "i-0123",
      "aws:ssm:RandomChallenge": "AAECAwQFBgcICQoLDA0ODw==",
    });
    expect(JSON.stringify(response(scene))).toContain('"KMSCipherTextHash":null,"ChallengeAcknowledgement":true}');
  });

  it("does not acknowledge what does not open, and takes the good copy", async () => {
    const scene = setting();
    encryptedAgent(scene);
    const session = await scene.open({ dataKeys: fakeKeys(), target: "i-0123" });
    const shell = session.shell();
    await scene.clock.advance(50);
    const before = scene.agent.acknowledged.length;
    scene.agent.raw(
      buildFrame({ type: "output_stream_data", sequence: 4, payloadType: 1, payload: Buffer.alloc(40, 7) }),
    );
    scene.agent.raw(
      buildFrame({ type: "output_stream_data", sequence: 5, payloadType: 1, payload: Buffer.alloc(40, 7) }),
    );
    await scene.clock.advance(50);
    expect(session.counters.undecryptableFrames).toBe(2);
    expect(scene.agent.acknowledged).toHaveLength(before);
    scene.agent.send(1, agentSeals(Buffer.from("good")));
    await scene.clock.advance(50);
    expect(shell.read()?.toString()).toBe("sh-5.2$ good");
  });

  it("is refused with a clear error when no keys can be made", async () => {
    const scene = setting();
    shakeHands(scene.agent, handshakeRequest("Standard_Stream", null, "3.3.987.0", [encryption]));
    await expect(scene.open({ target: "i-0123" })).rejects.toMatchObject({ code: "CONFIG_INVALID" });
    expect(response(scene)).toMatchObject({ ProcessedClientActions: [{ ActionStatus: 1 }, { ActionStatus: 2 }] });
  });

  it("is refused with the key service's error as the cause, which never shows in the frame", async () => {
    const scene = setting();
    shakeHands(scene.agent, handshakeRequest("Standard_Stream", null, "3.3.987.0", [encryption]));
    const dataKeys = fakeKeys({ generateDataKey: () => Promise.reject(new Error("canary-4711")) });
    await expect(scene.open({ dataKeys, target: "i-0123" })).rejects.toMatchObject({
      code: "PROVIDER_REJECTED",
      cause: { message: "canary-4711" },
    });
    expect(JSON.stringify(response(scene))).not.toContain("canary");
  });

  it("is refused when the key has a wrong length", async () => {
    const scene = setting();
    shakeHands(scene.agent, handshakeRequest("Standard_Stream", null, "3.3.987.0", [encryption]));
    const dataKeys = fakeKeys({
      generateDataKey: () => Promise.resolve({ plaintext: Buffer.alloc(32), ciphertextBlob: Buffer.alloc(1) }),
    });
    await expect(scene.open({ dataKeys, target: "i-0123" })).rejects.toMatchObject({ code: "PROVIDER_REJECTED" });
  });

  it("fails when the agent's challenge is not of our key", async () => {
    const scene = setting();
    scene.agent.send(5, handshakeRequest("Standard_Stream", null, "3.3.987.0", [encryption]));
    scene.agent.onInput = ({ payloadType }) => {
      if (payloadType === 6) scene.agent.send(8, JSON.stringify({ Challenge: Buffer.alloc(92).toString("base64") }));
    };
    await expect(scene.open({ dataKeys: fakeKeys(), target: "i-0123" })).rejects.toMatchObject({
      code: "CREDENTIAL_REJECTED",
    });
  });

  it("stops asking for a key when the agent would not wait any longer", async () => {
    const scene = setting();
    scene.agent.send(5, handshakeRequest("Standard_Stream", null, "3.3.987.0", [encryption]));
    const requests: DataKeyRequest[] = [];
    const dataKeys = fakeKeys({ generateDataKey: (request) => (requests.push(request), new Promise(() => {})) });
    await expect(scene.open({ dataKeys, target: "i-0123" })).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED" });
    expect(requests[0]!.signal.aborted).toBe(true);
  });
});
