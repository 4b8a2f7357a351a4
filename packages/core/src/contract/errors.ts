import type { ErrorCategory, ErrorCode } from "./error-codes.js";
import { errorCatalogue } from "./error-codes.js";
import type { RateLimitReading } from "./rate-limit.js";

/**
 * What is known about the effect of a failed call at the provider.
 *
 * - `not_attempted`: nothing reached the provider; repeating is safe.
 * - `rejected`: the provider answered no; nothing happened there.
 * - `unknown`: it may have happened. Colloquy never repeats such a call by itself unless the operation allows it.
 */
export type Outcome = "not_attempted" | "rejected" | "unknown";

export interface ColloquyErrorOptions {
  readonly code: ErrorCode;
  readonly message: string;
  /** Default: what the catalogue says for the code. */
  readonly outcome?: Outcome;
  /** Whether the same call may succeed later without a change by the caller. Default: from the catalogue. */
  readonly retryable?: boolean;
  readonly retryAfterMs?: number;
  /** What a person can do about it, in one sentence. Default: from the catalogue. */
  readonly userAction?: string;
  readonly providerId?: string;
  readonly sessionId?: string;
  readonly operation?: string;
  readonly requestId?: string;
  readonly status?: number;
  readonly providerCode?: string;
  /** The provider's own words, redacted. */
  readonly providerMessage?: string;
  readonly fieldErrors?: Readonly<Record<string, readonly string[]>>;
  readonly rateLimits?: readonly RateLimitReading[];
  readonly cause?: unknown;
}

const brand: unique symbol = Symbol.for("colloquy.error") as never;

/** The one error that Colloquy throws on purpose. `code` is public API; `docs/errors.md` lists every one. */
export class ColloquyError extends Error {
  declare readonly code: ErrorCode;
  declare readonly category: ErrorCategory;
  declare readonly outcome: Outcome;
  declare readonly retryable: boolean;
  declare readonly retryAfterMs?: number;
  declare readonly userAction?: string;
  declare readonly providerId?: string;
  declare readonly sessionId?: string;
  declare readonly operation?: string;
  declare readonly requestId?: string;
  declare readonly status?: number;
  declare readonly providerCode?: string;
  declare readonly providerMessage?: string;
  declare readonly fieldErrors?: Readonly<Record<string, readonly string[]>>;
  declare readonly rateLimits?: readonly RateLimitReading[];

  constructor(options: ColloquyErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    const entry = errorCatalogue[options.code];
    const { message: _message, cause: _cause, ...known } = options;
    Object.assign(this, known);
    this.name = "ColloquyError";
    this.code = options.code;
    this.category = entry.category;
    this.outcome = options.outcome ?? entry.outcome;
    this.retryable = options.retryable ?? entry.retryable;
    this.userAction = options.userAction ?? entry.userAction;
    Object.defineProperty(this, brand, { value: true, enumerable: false });
  }

  /** Survives two installed copies of the package, where the plain prototype check fails. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isColloquyError(value);
  }
}

/** True for every error of ours, also one made by another installed copy of the package. */
export function isColloquyError(value: unknown): value is ColloquyError {
  return typeof value === "object" && value !== null && (value as Record<symbol, unknown>)[brand] === true;
}
