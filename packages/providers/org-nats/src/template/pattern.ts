/**
 * A pattern of Python's `re`, anchored at the start only, as the server's check uses it. Undefined for what is no regular
 * expression there, and for the few things that JavaScript lacks (conditions, possessive repeats, verbose mode).
 */
export function compilePattern(pattern: string): RegExp | undefined {
  const start = /^\(\?([aimsux]+)\)/.exec(pattern);
  const given = start?.[1] ?? "";
  const rest = pattern.slice(start?.[0].length ?? 0);
  const syntax = rest.replaceAll(/\\[\s\S]/g, "").replaceAll(/\[[^\]]*\]/g, "x");
  if (given.includes("x") || /\(\?(?:<[^=!]|\(|>)|[*+?}]\+/.test(syntax)) return undefined;
  let isBad = false;
  const translated = rest.replaceAll(/\\[\s\S]|\(\?P<|\(\?P=(\w+)\)|\(\?#[^)]*\)/g, (found, name?: string) => {
    if (found === "\\Z") return "(?![\\s\\S])";
    if (found === "\\A") return "(?<![\\s\\S])";
    if (found === "\\a") return "\\x07";
    if (found === "(?P<") return "(?<";
    if (name !== undefined) return `\\k<${name}>`;
    if (found.startsWith("(?#")) return "(?:)";
    // Python refuses letters that mean nothing, and takes a backslash before any other sign.
    if (/^\\[A-Za-z]$/.test(found) && !/^\\[bBdDfnrsStuvwWx]$/.test(found)) isBad = true;
    return /^\\[^\w^$\\.*+?()[\]{}|/-]$/u.test(found) ? found.slice(1) : found;
  });
  if (isBad) return undefined;
  const flags = given.replaceAll(/[^ims]/g, "");
  // Counting code points, as Python does; what only the stricter mode refuses ("[\w-.]", "a{") is taken by the other.
  return compiled(translated, `u${flags}`) ?? compiled(translated, flags);
}

function compiled(source: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${source})`, flags);
  } catch {
    return undefined;
  }
}
