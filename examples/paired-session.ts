import { createColloquy } from "@colloquy/core";
import { wasender } from "@colloquy/wasender";

/** Makes and pairs a session, as somebody did before, and returns the provider's id of it. */
export async function pairedSession(
  account: { readonly personalAccessToken: string; readonly baseUrl: string },
  { accountProtection = false }: { readonly accountProtection?: boolean } = {},
): Promise<string> {
  await using colloquy = createColloquy({ providers: [wasender(account)] });
  const session = await colloquy.sessions.create("wasender", {
    name: "Shop",
    phoneNumber: "+15550100",
    accountProtection,
  });
  for await (const _challenge of session.pair()) void 0;
  return session.remoteId ?? "";
}
