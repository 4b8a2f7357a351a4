import { describe, expect, it } from "vitest";
import { EscapeReader } from "../../src/ssm/escape.js";

function typed(chunks: readonly string[], escape = "~"): readonly [sent: string, wants: string] {
  const reader = new EscapeReader(escape);
  let sent = "";
  let wants = "nothing";
  for (const chunk of chunks) {
    const read = reader.read(Buffer.from(chunk));
    sent += read.bytes.toString();
    wants = read.wants;
  }
  return [sent, wants];
}

describe("escape sequences", () => {
  it.each<[string, readonly string[], string, string]>([
    ["end at the very beginning", ["~."], "", "end"],
    ["end after Enter, in as many pieces as keys", ["l", "s", "\r", "~", "."], "ls\r", "end"],
    ["throw away what follows the end", ["ls\n~.rm -rf /\n"], "ls\n", "end"],
    ["are none in the middle of a line", ["a~.\r"], "a~.\r", "nothing"],
    ["send one escape character for two", ["~~.\r"], "~.\r", "nothing"],
    ["send both characters when it is none of them", ["~x\r"], "~x\r", "nothing"],
    ["list themselves, at the beginning of a line still", ["\r~?"], "\r", "help"],
    ["end right after the list", ["~?~."], "", "end"],
    ["keep a lone escape character until the next key", ["\r~"], "\r", "nothing"],
    ["begin anew after an escaped Enter", ["~\r~."], "~\r", "end"],
    ["leave characters of several bytes whole", ["é~.\r"], "é~.\r", "nothing"],
  ])("%s", (_name, chunks, sent, wants) => {
    expect(typed(chunks)).toEqual([sent, wants]);
  });

  it("may have another character", () => {
    expect(typed(["~.\r%."], "%")).toEqual(["~.\r", "end"]);
  });
});
