export interface BenchMessage {
  readonly id: string;
  readonly role: "user" | "assistant";
  readonly content: string;
  readonly atMs: number;
}

export interface Sizes {
  readonly sessions: number;
  readonly messagesEach: number;
  /** Of the one long conversation. */
  readonly long: number;
  /** Conversations to list. */
  readonly listed: number;
  /** Messages to search. */
  readonly searched: number;
  readonly perProcess: number;
}

export const sizesOf: Readonly<Record<"full" | "quick", Sizes>> = {
  full: { sessions: 1_000, messagesEach: 20, long: 10_000, listed: 100_000, searched: 200_000, perProcess: 5_000 },
  quick: { sessions: 100, messagesEach: 20, long: 2_000, listed: 5_000, searched: 10_000, perProcess: 200 },
};

const frequent =
  "the of and to a in is you that it for on with as are be this have from or by not but what all were we when your can there use an each which do how their if will".split(
    " ",
  );
const vocabularyCount = 5_000;
const [start, middle, end] = ["b k l m r s t v".split(" "), "a e i o u".split(" "), "n r l s d t m k".split(" ")];

/** Of a made-up language whose words are about as often as those of a real one: the nth word once in n. */
export function wordOfRank(rank: number): string {
  const known = frequent[rank];
  if (known !== undefined) return known;
  const syllable = (number: number): string =>
    `${start[number & 7]}${middle[(number >> 3) % 5]}${end[(number >> 6) & 7]}`;
  return `${syllable(rank)}${syllable(rank * 7 + 3)}${rank}`;
}

/** 120 to 280 characters, the same for everybody. */
export function messageNumber(number: number): BenchMessage {
  let content = `word${number % 1_000} case ${(number * 7_919) % 100_003}`;
  const length = 120 + ((number * 37) % 160);
  for (let state = number + 1; content.length < length; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    content += ` ${wordOfRank(Math.floor(vocabularyCount ** (state / 2 ** 32)) - 1)}`;
  }
  return {
    id: `msg_${number.toString(36).padStart(8, "0")}`,
    role: number % 2 === 0 ? "user" : "assistant",
    // In one piece, as it comes from a network: the first to read a text of many pieces would pay for joining them.
    content: Buffer.from(content).toString(),
    atMs: 1_700_000_000_000 + number,
  };
}

/** As a listing of chats has it: two keys that many share, one that few do. */
export function metadataOf(number: number): Readonly<Record<string, string | number>> {
  return { category: `c${number % 11}`, priority: number % 3, customer: `cust_${Math.floor(number / 20)}` };
}
