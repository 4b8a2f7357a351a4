import type { EnvironmentFinding } from "./provider-adapter.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** On a token that a gateway may ask for, without showing it. */
export function optionalTokenFinding(environment: Environment, name: string): EnvironmentFinding {
  const token = environment[name];
  if (!token) return { name, state: "ok", says: "is not set, so no token is sent" };
  if (/\s/.test(token))
    return { name, state: "fail", says: "holds white space", doNext: "Export it again, without line break." };
  return { name, state: "ok", says: `is set (${token.length} characters)` };
}

/** On an address, without the login that may stand in it. */
export function addressFinding(environment: Environment, name: string, unset: string): EnvironmentFinding {
  const address = environment[name];
  if (!address) return { name, state: "ok", says: `is not set, so ${unset}` };
  const urls = address.split(",").map((one) => one.trim());
  if (!urls.every((url) => URL.canParse(url)))
    return { name, state: "fail", says: "is no URL", doNext: `Correct ${name} or unset it.` };
  const shown = urls.map((url) => {
    const { protocol, host, pathname } = new URL(url);
    return `${protocol}//${host}${pathname === "/" ? "" : pathname}`;
  });
  return { name, state: "ok", says: `is ${shown.join(", ")}` };
}
