import type { RawDelivery, ReceiveFacet } from "../contract/index.js";

/** Whether a delivery comes from the provider. `no_secret`: nothing is known to check it with. */
export type DeliveryVerdict = "genuine" | "forged" | "no_secret";

/** The name under which the provider's sessions keep the secret of their deliveries. */
export function secretNameOf(facet: ReceiveFacet): string {
  return facet.secretName ?? "webhook_secret";
}

/** Genuine when any of the secrets fits, as while one is replaced by the next. */
export function verdictOf(facet: ReceiveFacet, delivery: RawDelivery, secrets: readonly string[]): DeliveryVerdict {
  const known = secrets.filter((secret) => secret !== "");
  if (known.length === 0) return "no_secret";
  const name = secretNameOf(facet);
  // Each one is tried, also after one that fits: the time taken tells nothing of which it was.
  const fits = known.map((secret) => facet.verify(delivery, { [name]: secret }));
  return fits.includes(true) ? "genuine" : "forged";
}
