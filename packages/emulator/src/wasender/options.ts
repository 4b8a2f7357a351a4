import type { WasenderDials } from "./dials.js";

export interface WasenderEmulatorOptions {
  /** Accepted personal access tokens, all of one account. Default `["pat-emulator"]`. */
  personalAccessTokens?: string[];
  /** A named scenario: a bundle of dials. Default "calm". */
  scenario?: string;
  /** Dials that win over every scenario. */
  dials?: Partial<WasenderDials>;
  /** Default "paid". The same as the dial. */
  plan?: "trial" | "paid" | "none";
  /** How many sessions may exist. Default: no limit, but 1 for a trial. The same as the dial. */
  sessionLimit?: number;
}
