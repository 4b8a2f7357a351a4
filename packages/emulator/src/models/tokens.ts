/**
 * A text cut into tokens by a rule that a test can follow: a token is up to four letters or digits of a word, or one
 * other character, with the white space before it. What is left of white space at the end is one token. Joined, they are
 * the text again.
 */
export function tokensOf(text: string): string[] {
  return text.match(/\s*(?:[\p{L}\p{M}\p{N}]{1,4}|[^\s\p{L}\p{M}\p{N}])|\s+$/gu) ?? [];
}

const tokenCount = (text: string): number => tokensOf(text).length;

/** What a message costs besides its text, for its role and its borders. */
const perMessageTokens = 3;

/** The tokens of a prompt: those of every text and three for every message. */
export function promptTokenCount(messages: readonly { readonly text: string }[]): number {
  return messages.reduce((sum, { text }) => sum + tokenCount(text) + perMessageTokens, 0);
}
