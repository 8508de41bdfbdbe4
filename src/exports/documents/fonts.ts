import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { openSync, type Font } from 'fontkit';

const folder = join(dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')), 'ttf');

/** The fonts of what is made for paper: those that every reader of PDF has lack Greek, arrows and most European letters. */
export const FONT_FILES = {
  regular: join(folder, 'DejaVuSans.ttf'),
  bold: join(folder, 'DejaVuSans-Bold.ttf'),
} as const;

let fonts: readonly Font[] | undefined;

/** Whether all of the fonts have a glyph. */
export function hasGlyph(codePoint: number): boolean {
  fonts ??= Object.values(FONT_FILES).map((file) => openSync(file) as Font);
  return fonts.every((font) => font.hasGlyphForCodePoint(codePoint));
}
