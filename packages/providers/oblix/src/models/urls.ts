/** True for addresses of this machine. */
export function isLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname } = new URL(url);
  return (
    hostname === "localhost" || hostname.endsWith(".localhost") || hostname === "[::1]" || hostname.startsWith("127.")
  );
}

/** What is wrong with a base URL; undefined when nothing is. A key must not travel in the clear. */
export function problemOfUrl(url: string, carriesKey: boolean): string | undefined {
  if (!URL.canParse(url)) return "Is not a URL.";
  const { protocol, search, hash, username, password } = new URL(url);
  if (protocol !== "http:" && protocol !== "https:") return "Must begin with https:// or http://.";
  if (search !== "" || hash !== "" || username !== "" || password !== "")
    return "May not hold a query, a fragment or a password.";
  if (protocol === "http:" && carriesKey && !isLoopback(url)) return "Must begin with https://, as a key is sent.";
  return undefined;
}
