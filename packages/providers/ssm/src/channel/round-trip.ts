const initialTimeoutMs = 200;
const initialRttMs = 100;
const shortestMarginMs = 10;
const longestTimeoutMs = 1000;

/** Estimates how long an acknowledgement takes: the same smoothing as the peers use. Milliseconds. */
export class RoundTrip {
  rttMs: number = initialRttMs;
  variationMs = 0;
  timeoutMs: number = initialTimeoutMs;

  /** The timeout without its bound: for a path that takes longer than the bound. */
  get patientTimeoutMs(): number {
    return this.rttMs + Math.max(shortestMarginMs, 4 * this.variationMs);
  }

  /** One acknowledged frame: the time since it was last sent. */
  sample(sampleMs: number): void {
    this.variationMs = 0.75 * this.variationMs + 0.25 * Math.abs(this.rttMs - sampleMs);
    this.rttMs = 0.875 * this.rttMs + 0.125 * sampleMs;
    this.timeoutMs = Math.min(longestTimeoutMs, this.patientTimeoutMs);
  }
}
