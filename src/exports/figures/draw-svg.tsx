import { renderToString } from 'preact-render-to-string';
import { Svg } from '../../console/parts/figure.js';
import type { Drawing } from './drawing.js';

/** A drawing as an SVG file. */
export function drawSvg(drawing: Drawing): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${renderToString(<Svg drawing={drawing} />)}\n`;
}
