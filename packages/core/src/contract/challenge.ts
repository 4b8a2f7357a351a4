/** What a person must do. Open: an unknown kind still renders as "open this, do this". */
export type ChallengeKind =
  | "qr"
  | "code"
  | "device_code"
  | "passkey"
  | "question"
  | "approval"
  | "form"
  | (string & {});

/** What a provider tells of a challenge; core adds id, attempt and deadlines. */
export interface IssuedChallenge {
  readonly kind: ChallengeKind;
  /** What to show: a raw QR text, a code, a URL. Treat it as a secret: whoever has it can link. */
  readonly artefact: string;
  /** How long this artefact can be used, in milliseconds from its issue. Default: the manifest's `challengeLifetimeMs`. */
  readonly lifetimeMs?: number;
}

export type ChallengeProgress = "issued" | "displayed" | "seen" | "claimed" | "resolved";
