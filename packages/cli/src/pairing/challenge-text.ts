import type { Challenge } from "@colloquy/core";
import { inWords } from "../durations.js";
import { type QrStyle, qrExtent, qrMatrix, renderQr } from "../output/qr.js";

/** How much room there is, and what else can be offered. */
export interface Place {
  readonly columns: number;
  readonly rows: number;
  readonly wantsSmall: boolean;
  readonly hasColors: boolean;
  /** Where the code can be seen when the terminal cannot draw it. */
  readonly pageUrl?: string;
}

// Attempt and countdown, the raw text on a few lines, the page, and a spare line for the cursor.
const linesBesideCode = 8;

/** A challenge as text: the drawing when it fits, the raw text, and the page. */
export function challengeText(challenge: Challenge, place: Place): string {
  const { kind, artefact } = challenge;
  if (kind !== "qr") return [`To do now (${kind}):`, artefact, ...pageLine(place)].join("\n");
  const matrix = qrMatrix(artefact);
  const style = chooseStyle(matrix.length, place);
  const drawing =
    style === undefined ? "(This terminal is too small to draw the code; see below.)" : renderQr(matrix, style);
  return [drawing, "", `As text: ${artefact}`, ...pageLine(place)].join("\n");
}

/** The wanted size when it fits, else the small one, else none: half a code cannot be scanned. */
function chooseStyle(size: number, { columns, rows, wantsSmall, hasColors }: Place): QrStyle | undefined {
  const blank = Array.from({ length: size }, () => []);
  const wanted: QrStyle = hasColors ? "ansi" : "blocks";
  const styles: readonly QrStyle[] = wantsSmall ? ["small"] : [wanted, "small"];
  return styles.find((style) => {
    const extent = qrExtent(blank, style);
    return extent.columns <= columns && extent.lines + linesBesideCode <= rows;
  });
}

/** `Code 2 of 8, 41 s left. Open WhatsApp, …` */
export function countdownLine({ attempt, of, expiresAtMs }: Challenge, nowMs: number): string {
  const leftMs = expiresAtMs - nowMs;
  const left = leftMs <= 0 ? "a fresh one is on its way" : `${inWords(leftMs)} left`;
  return `Code ${attempt} of ${of}, ${left}. On the phone: Settings, Linked devices, Link a device. Ctrl-C cancels.`;
}

function pageLine({ pageUrl }: Place): readonly string[] {
  return pageUrl === undefined ? [] : [`On a page: ${pageUrl}`];
}
