import { describe, expect, it } from "vitest";
import { SmuxReader, smuxCommand, smuxHeader } from "../../src/smux/frame.js";
import { seeded, seededBytes } from "../support/setting.js";
import { vectors } from "../support/vectors.js";

const golden = vectors.smux.frames.map(({ hex }) => hex);

function reading(): { readonly reader: SmuxReader; readonly seen: string[] } {
  const seen: string[] = [];
  const reader = new SmuxReader({
    onData: (id, piece) => seen.push(`data ${id} ${piece.toString("latin1")}`),
    onFin: (id) => seen.push(`fin ${id}`),
    onSyn: (id) => seen.push(`syn ${id}`),
    onNop: () => seen.push("nop"),
  });
  return { reader, seen };
}

describe("smux frames", () => {
  it("are written as the golden ones", () => {
    const data = Buffer.from("GET / HTTP/1.0\r\n\r\n");
    const written = [
      smuxHeader(smuxCommand.syn, 3),
      Buffer.concat([smuxHeader(smuxCommand.push, 3, data.length), data]),
      smuxHeader(smuxCommand.syn, 5),
      smuxHeader(smuxCommand.fin, 3),
      smuxHeader(smuxCommand.nop, 0),
    ];
    expect(written.map((frame) => frame.toString("hex"))).toEqual(golden);
  });

  it("are read however they are cut", () => {
    const whole = Buffer.from(golden.join(""), "hex");
    for (let cut = 1; cut <= whole.length; cut++) {
      const { reader, seen } = reading();
      for (let from = 0; from < whole.length; from += cut) reader.read(whole.subarray(from, from + cut));
      const joined = seen.join("|").replaceAll(/\|data 3 /g, "");
      expect(joined).toBe("syn 3GET / HTTP/1.0\r\n\r\n|syn 5|fin 3|nop");
    }
  });

  it("are refused when the version or the command is another one", () => {
    for (const hex of ["0200000003000000", "0104000003000000", "01ff000003000000", "0000000000000000"])
      expect(() => reading().reader.read(Buffer.from(hex, "hex"))).toThrow(RangeError);
  });

  it("never crash or hang the reader, whatever comes", () => {
    const random = seeded(5);
    for (let round = 0; round < 5000; round++) {
      const { reader } = reading();
      try {
        for (let piece = 0; piece < 5; piece++) reader.read(seededBytes(round * 10 + piece, Math.floor(random() * 40)));
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }
  });
});
