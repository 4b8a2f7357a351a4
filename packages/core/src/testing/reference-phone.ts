import type { Clock } from "../clock.js";

/** One session at the service. */
export interface PhoneSession {
  readonly id: string;
  readonly name?: string;
  readonly expected?: string;
  readonly signingSecret: string;
  key: string;
  status: string;
  account?: string;
  code?: { readonly kind: "qr" | "passkey"; readonly artefact: string; readonly expiresAtMs: number };
  /** No connection can be made until `restore`. */
  isDown: boolean;
}

/** A person with a phone, and what happens to it. Sessions are named by the service's id. */
export interface ReferencePhone {
  /** Scans the code on show. Default account: the expected one, or +15550100. Throws a `TypeError` when none can be scanned. */
  scan(id: string, account?: string): void;
  /** Makes the code on show useless. */
  expireCode(id: string): void;
  /** Ends an opening that `opensAtOnce: false` holds up. */
  finishOpening(id: string): void;
  unlink(id: string): void;
  /** Loses the connection, and any that is made, until `restore`. */
  drop(id: string): void;
  restore(id: string): void;
  /** Another client takes the account's place. */
  replace(id: string): void;
  /** Somebody makes a new key at the service. */
  rotateKey(id: string): void;
  /** Somebody deletes the session at the service. */
  remove(id: string): void;
}

export interface PhoneOptions {
  readonly clock: Clock;
  readonly codeLifetimeMs: number;
  /** Asked for after the scan. */
  readonly passkey?: string;
  readonly opensAtOnce: boolean;
}

/** Every session of the service, what the API does to them and what people do to them. */
export class ReferenceSessions implements ReferencePhone {
  readonly #options: PhoneOptions;
  readonly #byId = new Map<string, PhoneSession>();
  #count = 0;

  constructor(options: PhoneOptions) {
    this.#options = options;
  }

  create(name: string | undefined, expected: string | undefined): PhoneSession {
    const id = `s${++this.#count}`;
    const session: PhoneSession = {
      id,
      ...(name === undefined ? {} : { name }),
      ...(expected === undefined ? {} : { expected }),
      key: this.#mint("key"),
      signingSecret: this.#mint("sig"),
      status: "unlinked",
      isDown: false,
    };
    this.#byId.set(id, session);
    return session;
  }

  all(): readonly PhoneSession[] {
    return [...this.#byId.values()];
  }

  find(id: string): PhoneSession | undefined {
    return this.#byId.get(id);
  }

  byKey(key: string): PhoneSession | undefined {
    return this.all().find((session) => session.key === key);
  }

  connect(session: PhoneSession): void {
    if (session.account === undefined) this.showCode(session);
    else if (session.status !== "online") this.#open(session);
  }

  showCode(session: PhoneSession): void {
    this.#show(session, "qr", `reference:${session.id}:${++this.#count}`);
    session.status = "scan";
  }

  /** False when the answer is wrong. */
  answer(session: PhoneSession, answer: unknown): boolean {
    if (session.code?.kind !== "passkey" || answer !== this.#options.passkey) return false;
    delete session.code;
    this.#open(session);
    return true;
  }

  pause(session: PhoneSession): void {
    session.status = "paused";
  }

  scan(id: string, account?: string): void {
    const session = this.#need(id);
    const { code } = session;
    if (code?.kind !== "qr" || code.expiresAtMs <= this.#options.clock.now())
      throw new TypeError("No code can be scanned.");
    session.account = account ?? session.expected ?? "+15550100";
    delete session.code;
    if (this.#options.passkey === undefined) return this.#open(session);
    this.#show(session, "passkey", "Which passkey?");
    session.status = "passkey";
  }

  expireCode(id: string): void {
    const session = this.#need(id);
    if (session.code) session.code = { ...session.code, expiresAtMs: this.#options.clock.now() };
  }

  finishOpening(id: string): void {
    this.#need(id).status = "online";
  }

  unlink(id: string): void {
    const session = this.#need(id);
    delete session.account;
    delete session.code;
    session.status = "unlinked";
  }

  drop(id: string): void {
    Object.assign(this.#need(id), { isDown: true, status: "offline" });
  }

  restore(id: string): void {
    Object.assign(this.#need(id), { isDown: false, status: "online" });
  }

  replace(id: string): void {
    this.#need(id).status = "replaced";
  }

  rotateKey(id: string): void {
    this.#need(id).key = this.#mint("key");
  }

  remove(id: string): void {
    this.#byId.delete(id);
  }

  #open(session: PhoneSession): void {
    session.status = session.isDown ? "offline" : this.#options.opensAtOnce ? "online" : "opening";
  }

  #show(session: PhoneSession, kind: "qr" | "passkey", artefact: string): void {
    session.code = { kind, artefact, expiresAtMs: this.#options.clock.now() + this.#options.codeLifetimeMs };
  }

  #need(id: string): PhoneSession {
    const session = this.#byId.get(id);
    if (session) return session;
    throw new TypeError(`The service has no session ${id}.`);
  }

  #mint(prefix: string): string {
    return `${prefix}_canary${String(++this.#count).padStart(4, "0")}`;
  }
}
