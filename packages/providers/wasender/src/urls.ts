const loopbackHosts: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

function parse(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

export function isWebUrl(text: string): boolean {
  const url = parse(text);
  return url !== undefined && (url.protocol === "https:" || url.protocol === "http:") && url.hostname !== "";
}

/** Why a base URL cannot be used; `undefined` when it can. Plain http would show the token to everybody on the way. */
export function problemOfBaseUrl(text: string): string | undefined {
  const url = parse(text);
  if (url === undefined || !isWebUrl(text)) return "Must be an http or https URL.";
  if (url.username !== "" || url.password !== "") return "May not hold a user name or password.";
  if (url.search !== "" || url.hash !== "") return "May not have a query or a fragment.";
  if (url.protocol === "http:" && !loopbackHosts.has(url.hostname))
    return "Must use https: plain http is for loopback only.";
  return undefined;
}

/** Why a session's proxy would be refused; `undefined` when it would not. */
export function problemOfProxy(text: string): string | undefined {
  const url = parse(text);
  if (url === undefined || !["http:", "https:", "socks5:"].includes(url.protocol))
    return "Must be an http, https or socks5 URL.";
  const { hostname } = url;
  const isAddress = hostname.startsWith("[") || /^[\d.]+$/.test(hostname);
  const isPrivate = !hostname.includes(".") || /\.(local|localhost|internal|lan)$/i.test(hostname);
  return isAddress || isPrivate ? "Must name a public domain, not an address or a private host." : undefined;
}
