/** What a process of a round is told, as JSON in its one argument. */
export interface AskerPlan {
  readonly store: string;
  readonly sessionsUrl: string;
  readonly natsUrl: string;
  readonly jetStream: boolean;
  readonly askId: string;
  readonly pollMs: number;
}

export interface RestPlan {
  /** 0: any. */
  readonly port: number;
  readonly file: string;
  readonly natsUrl: string;
}
