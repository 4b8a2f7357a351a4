const loopbackHosts: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Why a base URL cannot be used; `undefined` when it can. Plain http would show a token to everybody on the way. */
export function problemOfBaseUrl(text: string, hasToken: boolean): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== "https:" && url.protocol !== "http:") || url.hostname === "")
    return "Must be an http or https URL.";
  if (url.username !== "" || url.password !== "") return "May not hold a user name or password.";
  if (url.search !== "" || url.hash !== "") return "May not have a query or a fragment.";
  if (hasToken && url.protocol === "http:" && !loopbackHosts.has(url.hostname))
    return "Must use https where a token is sent: plain http is for loopback, and for a server without a token.";
  return undefined;
}
