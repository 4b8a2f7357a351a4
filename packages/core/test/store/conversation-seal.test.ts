import { describe, expect, test } from "vitest";
import { type SealMark, SecretSeal } from "../../src/index.js";

/** A store's place for the mark, in memory. */
function place() {
  let mark: SealMark | undefined;
  return { read: async () => mark, establish: async (given: SealMark) => (mark ??= given) };
}

describe("the seal of a conversation", () => {
  test("opens what it closed, in its place, its conversation and under its key only", async () => {
    const shared = place();
    const seals = new SecretSeal("made-up key", shared);
    const salt = seals.newSalt();
    const seal = await seals.conversationSeal("cnv_1", salt);
    const sealed = seal.close("body", "plan \ud83d\udea2");
    expect(Buffer.from(sealed, "base64").includes("plan")).toBe(false);
    expect(seal.close("body", "plan"), "never the same twice").not.toBe(seal.close("body", "plan"));
    expect((await new SecretSeal("made-up key", shared).conversationSeal("cnv_1", salt)).open("body", sealed)).toBe(
      "plan \ud83d\udea2",
    );
    const failed = expect.objectContaining({ code: "SECRET_UNREADABLE" });
    expect(() => seal.open("message", sealed)).toThrow(failed);
    const ofOthers = [seals.conversationSeal("cnv_2", salt), seals.conversationSeal("cnv_1", seals.newSalt())];
    for (const other of await Promise.all(ofOthers)) expect(() => other.open("body", sealed)).toThrow(failed);
    await expect(new SecretSeal("another key", shared).conversationSeal("cnv_1", salt)).rejects.toEqual(failed);
    await expect(new SecretSeal(undefined, shared).conversationSeal("cnv_1", salt)).rejects.toEqual(failed);
  });

  test("needs a key", async () => {
    await expect(new SecretSeal(undefined, place()).conversationSeal("cnv_1", "")).rejects.toMatchObject({
      code: "CONFIG_INVALID",
    });
  });
});
