/** What no tracked file may hold. The patterns are written so that this file does not break them itself. */
const textRules: readonly { readonly name: string; readonly pattern: RegExp }[] = [
  { name: "path of one machine", pattern: /(?<![\w.:/-])\/(?:work|root|home|Users)\/|\b[A-Z]:\\Users\\/ },
  {
    name: "registry host",
    pattern:
      /https?:\/\/[^\s/"'<>]*(?:registry|mirror|artifactory|verdaccio|nexus)|\bregistry\.(?:npmjs|yarnpkg|npmmirror)\b/,
  },
  { name: "unfinished work", pattern: /\b(?:TO[D]O|FIX[M]E)\b/ },
  { name: "focused test", pattern: /\.only\(/ },
  { name: "merge conflict", pattern: /^(?:<{7}|>{7}) / },
];

export function offences(text: string): { line: number; rule: string }[] {
  return text
    .split("\n")
    .flatMap((content, index) =>
      textRules.filter(({ pattern }) => pattern.test(content)).map(({ name }) => ({ line: index + 1, rule: name })),
    );
}
