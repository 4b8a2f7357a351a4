import type { AtlusDials } from "./dials.js";

export interface AtlusEmulatorOptions {
  /** Accepted tokens, as a gateway before the service would check. Default none: the service itself asks for nothing. */
  personalAccessTokens?: string[];
  /** A named scenario: a bundle of dials. Default "calm". */
  scenario?: string;
  /** Dials that win over every scenario. */
  dials?: Partial<AtlusDials>;
}
