import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { FONT_FILES, hasGlyph } from '../documents/fonts.js';
import { printedDrawing } from '../documents/printed-text.js';
import { drawSvg } from './draw-svg.js';
import type { Drawing } from './drawing.js';

/** Pixels a point: 216 dots an inch. */
const ZOOM = 3;

let fonts: Promise<Uint8Array[]> | undefined;

/**
 * A drawing as PNG. WebAssembly computes the same on every machine, and the fonts come with this program: the same drawing
 * gives the same bytes. A character that the fonts lack stands as its code point.
 */
export async function drawPng(drawing: Drawing): Promise<Uint8Array> {
  const fontBuffers = await (fonts ??= prepare());
  const svg = new Resvg(drawSvg(printedDrawing(drawing, hasGlyph)), {
    fitTo: { mode: 'zoom', value: ZOOM },
    font: { fontBuffers, defaultFontFamily: 'DejaVu Sans', sansSerifFamily: 'DejaVu Sans' },
  });
  const picture = svg.render();
  try {
    return picture.asPng();
  } finally {
    picture.free();
    svg.free();
  }
}

async function prepare(): Promise<Uint8Array[]> {
  const code = createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm');
  await initWasm(readFileSync(code));
  return Object.values(FONT_FILES).map((file) => readFileSync(file));
}
