import { invalid } from "./transcript-check.js";

/** What must occur: one word, or several in this order. The last may be only the beginning of a word. */
export interface SearchTerm {
  readonly words: readonly string[];
  readonly isPrefix: boolean;
}

export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

// Scripts written without spaces: each character is a word, and a run of them a phrase.
const spaceless =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;
const plainRun = /[a-z0-9]+/gi;
const plainWords = /[a-z0-9]+/g;
const run = /[\p{L}\p{N}\p{M}\p{Co}]+/gu;

/** The words of a text, without case and accents, with their places in it. */
function wordsOf(text: string): readonly Word[] {
  const words: Word[] = [];
  const isPlain = isAscii(text);
  for (const { 0: found, index } of text.matchAll(isPlain ? plainRun : run)) {
    if (isPlain) words.push({ text: found.toLowerCase(), start: index, end: index + found.length });
    else for (const word of foldedWords(found, index)) words.push(word);
  }
  return words;
}

function* foldedWords(found: string, index: number): Generator<Word> {
  let start = index;
  for (const part of spaceless.test(found) ? found : [found]) {
    const folded = fold(part);
    if (folded !== "") yield { text: folded, start, end: start + part.length };
    start += part.length;
  }
}

/** The different words of a text, as searches compare them. */
export function searchWords(text: string): ReadonlySet<string> {
  return new Set(wordsOf(text).map((word) => word.text));
}

/** The text as an index of words is given it: the same words, with spaces between. */
export function indexText(text: string): string {
  // Nearly all texts need no more than what every index does by itself.
  if (isAscii(text)) return text;
  let words = "";
  for (const word of wordsOf(text)) words += `${word.text} `;
  return words;
}

function isAscii(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- ASCII begins with control characters.
  return /^[\x01-\x7f]*$/.test(text);
}

/** Without accents, then without case: in this order, because lower case may bring an accent along. */
function fold(text: string): string {
  return text
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/\p{M}+/gu, "");
}

/** Throws `INPUT_INVALID` when there is no word in it. */
export function searchTerms(text: string): readonly SearchTerm[] {
  const terms = [...text.matchAll(/"([^"]*)"|([^\s"]+)/g)].flatMap(([, quoted, bare]): SearchTerm[] => {
    const part = quoted ?? bare ?? "";
    const words = wordsOf(part).map((word) => word.text);
    return words.length > 0 ? [{ words, isPrefix: part.endsWith("*") }] : [];
  });
  if (terms.length === 0) throw invalid("A search needs a word to look for.");
  return terms;
}

// The usual constants of BM25, without the weight of rare words: for that everything would have to be counted first.
const [saturation, lengthWeight, usualLength] = [1.2, 0.75, 50];

/** Higher for more occurrences in a shorter text; undefined when one of the terms does not occur. */
export function scoreOf(text: string, terms: readonly SearchTerm[]): number | undefined {
  const words = wordTexts(text);
  const length = 1 - lengthWeight + (lengthWeight * words.length) / usualLength;
  let score = 0;
  for (const term of terms) {
    const count = countOf(words, term);
    if (count === 0) return undefined;
    score += (count * (saturation + 1)) / (count + saturation * length);
  }
  return score;
}

/** The words alone, which nearly all texts give several times faster than with their places. */
function wordTexts(text: string): readonly string[] {
  return isAscii(text) ? (text.toLowerCase().match(plainWords) ?? []) : wordsOf(text).map((word) => word.text);
}

function countOf(words: readonly string[], { words: wanted, isPrefix }: SearchTerm): number {
  const last = wanted.length - 1;
  let count = 0;
  for (let index = 0; index < words.length - last; index++) {
    let place = 0;
    while (place < last && words[index + place] === wanted[place]) place++;
    if (place < last) continue;
    const [word, end] = [words[index + last] as string, wanted[last] as string];
    if (isPrefix ? word.startsWith(end) : word === end) count++;
  }
  return count;
}

function startsAt(words: readonly Word[], index: number, { words: wanted, isPrefix }: SearchTerm): boolean {
  return wanted.every((word, place) => {
    const text = words[index + place]?.text;
    return isPrefix && place === wanted.length - 1 ? text?.startsWith(word) === true : text === word;
  });
}

const beforeCount = 40;
const snippetLength = 160;

/** A passage around the first place where a term occurs, with all places of terms in it. */
export function snippetOf(
  text: string,
  terms: readonly SearchTerm[],
): { readonly snippet: string; readonly highlights: readonly (readonly [start: number, end: number])[] } {
  const words = wordsOf(text);
  const places = words.flatMap((word, index) => {
    const term = terms.find((candidate) => startsAt(words, index, candidate));
    const last = term && words[index + term.words.length - 1];
    return last ? [[word.start, last.end] as const] : [];
  });
  const first = places[0]?.[0] ?? 0;
  const from = first <= beforeCount ? 0 : (words.find(({ start }) => start >= first - beforeCount)?.start ?? first);
  const within = words.findLast(({ end }) => end <= from + snippetLength);
  const to = text.length <= from + snippetLength ? text.length : Math.max(within?.end ?? 0, places[0]?.[1] ?? 0);
  const lead = from > 0 ? "…" : "";
  return {
    snippet: `${lead}${text.slice(from, to)}${to < text.length ? "…" : ""}`,
    highlights: places
      .filter(([start, end]) => start >= from && end <= to)
      .map(([start, end]) => [start - from + lead.length, end - from + lead.length] as const),
  };
}
