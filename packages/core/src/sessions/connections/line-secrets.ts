import type { AnyProvider, SessionId } from "../../contract/index.js";
import { configuredCredential } from "../../transport/credentials.js";
import type { Runtime } from "../runtime.js";

/** The caller's credentials, resolved now, and the session's own secrets, which go before them. */
export async function lineSecrets(
  { store }: Pick<Runtime, "store">,
  provider: AnyProvider,
  sessionId: SessionId,
): Promise<Readonly<Record<string, string>>> {
  const secrets: Record<string, string> = {};
  for (const { kind } of provider.manifest.credentials) {
    const value = await configuredCredential(provider, kind, sessionId);
    if (value !== undefined && value !== "") secrets[kind] = value;
  }
  return { ...secrets, ...(await store.secrets.get(sessionId)) };
}
