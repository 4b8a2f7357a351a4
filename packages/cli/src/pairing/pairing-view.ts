import type { Challenge, Session, SessionState } from "@colloquy/core";
import type { Context } from "../context.js";
import { type LiveArea, openLiveArea } from "../output/live-area.js";
import type { Output } from "../output/output.js";
import type { ProviderAdapter } from "../providers/provider-adapter.js";
import { challengeText, countdownLine, type Place } from "./challenge-text.js";
import { openQrPage, type QrPage } from "./qr-page.js";

/** What a person sees of a pairing. */
export interface PairingView {
  show(challenge: Challenge): void;
  state(state: SessionState, reason: string | undefined): void;
  close(): void;
}

interface ViewFlags {
  readonly small?: boolean;
  readonly page?: boolean;
}

const tickMs = 1_000;

export async function openPairingView(
  context: Context,
  adapter: ProviderAdapter,
  session: Session,
  flags: ViewFlags,
): Promise<PairingView> {
  const { io, output } = context;
  const area = await openLiveArea(output, io.stdout);
  const page = flags.page ? await openQrPage() : undefined;
  const pageUrl = page?.url ?? adapter.pairingPage(session, io.environment);
  const place: Place = {
    columns: io.stdout.columns ?? 80,
    rows: io.stdout.rows ?? Number.POSITIVE_INFINITY,
    wantsSmall: flags.small === true,
    hasColors: output.colors.isColorSupported,
    ...(pageUrl === undefined ? {} : { pageUrl }),
  };
  return area ? liveView(area, page, place, output) : plainView(page, place, output);
}

/** The code is drawn once and the countdown below it every second. */
function liveView(area: LiveArea, page: QrPage | undefined, place: Place, output: Output): PairingView {
  let shown: { readonly challenge: Challenge; readonly text: string } | undefined;
  let isClosed = false;
  const draw = (): void => {
    if (shown) area.draw(`${shown.text}\n${output.colors.bold(countdownLine(shown.challenge, Date.now()))}\n`);
  };
  const timer = setInterval(draw, tickMs);
  return {
    show(challenge) {
      shown = { challenge, text: challengeText(challenge, place) };
      page?.show(challenge.artefact);
      draw();
    },
    state(state, reason) {
      if (state === "pairing") return;
      shown = undefined;
      area.draw(progressLine(state, reason));
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      clearInterval(timer);
      area.clear();
      area.done();
      page?.close();
    },
  };
}

/** Every code is printed once, so a log or a pipe stays readable. */
function plainView(page: QrPage | undefined, place: Place, output: Output): PairingView {
  return {
    show(challenge) {
      page?.show(challenge.artefact);
      output.line(challengeText(challenge, place));
      output.line(countdownLine(challenge, Date.now()));
      const { kind, artefact, attempt, of, expiresAtMs, deadlineAtMs } = challenge;
      const url = place.pageUrl === undefined ? {} : { pageUrl: place.pageUrl };
      output.event("challenge", { kind, artefact, attempt, of, expiresAtMs, deadlineAtMs, ...url });
    },
    state(state, reason) {
      output.event("state", { state, ...(reason === undefined ? {} : { reason }) });
      if (state !== "pairing") output.line(progressLine(state, reason));
    },
    close: () => page?.close(),
  };
}

function progressLine(state: SessionState, reason: string | undefined): string {
  if (state === "connecting" && reason === "post_pairing") return "Scanned. The account is being linked …";
  if (state === "connecting") return "Asking the provider for a code …";
  if (state === "connected") return "Linked.";
  return reason === undefined ? `The session is ${state}.` : `The session is ${state} (${reason}).`;
}
