export interface Snippet {
  /** Line of the first line of code, from 1. */
  readonly line: number;
  readonly code: string;
  /** The reason after `ignore=`, when the fence has one; "" when it says `ignore` without a reason. */
  readonly ignore?: string;
}

/** The fenced `ts` blocks of a Markdown text. Blocks may be indented, as in a list. */
export function snippets(markdown: string): Snippet[] {
  const found: Snippet[] = [];
  let open: { fence: string; indent: number; isTs: boolean; info: string; line: number; code: string[] } | undefined;
  for (const [index, text] of markdown.split("\n").entries()) {
    const fence = /^(\s*)(`{3,}|~{3,})\s*(.*?)\s*$/.exec(text);
    if (open === undefined) {
      const [, indent = "", marks, info = ""] = fence ?? [];
      if (marks === undefined) continue;
      const isTs = /^(ts|typescript)\b/.test(info);
      open = { fence: marks, indent: indent.length, isTs, info, line: index + 2, code: [] };
    } else if (fence?.[2]?.startsWith(open.fence) === true && fence[3] === "") {
      if (open.isTs) found.push(toSnippet(open));
      open = undefined;
    } else {
      open.code.push(text.slice(Math.min(open.indent, text.length - text.trimStart().length)));
    }
  }
  return found;
}

function toSnippet({ info, line, code }: { info: string; line: number; code: string[] }): Snippet {
  const ignore = /\bignore(?:=(.*))?$/.exec(info);
  return { line, code: code.join("\n"), ...(ignore === null ? {} : { ignore: ignore[1] ?? "" }) };
}

/** The text with the part between the two markers of `name` replaced. Throws when they are not there exactly once. */
export function replaceGenerated(text: string, name: string, body: string): string {
  const open = `<!-- generated:${name} -->`;
  const close = `<!-- /generated:${name} -->`;
  const [before, rest, ...moreOpen] = text.split(open);
  const [, after, ...moreClose] = rest?.split(close) ?? [];
  if (before === undefined || after === undefined || moreOpen.length > 0 || moreClose.length > 0) {
    throw new Error(`expected exactly one pair of ${open} and ${close}`);
  }
  return `${before}${open}\n\n${body.trim()}\n\n${close}${after}`;
}

/** A Markdown table; cells may not hold line breaks. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
