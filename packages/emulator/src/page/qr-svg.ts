import { toString as drawQr } from "qrcode";

/** A pairing string as an SVG picture. Low error correction: the string is long, and a screen does not get dirty. */
export function qrSvg(pairingString: string): Promise<string> {
  return drawQr(pairingString, { type: "svg", errorCorrectionLevel: "L", margin: 2 });
}
