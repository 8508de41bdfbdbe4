import { markup, type Html } from '../documents/html.js';
import type { Drawing, Mark, Stroke } from './drawing.js';

/** Inline SVG, coloured by attributes instead of a style sheet, so that it looks the same wherever it is pasted. */
export function svg({ width, height, title, marks }: Drawing): Html {
  return markup`<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"
    role="img" font-family="system-ui, Helvetica, Arial, sans-serif"><title>${title}</title>
${marks.map(drawMark)}</svg>`;
}

function drawMark(mark: Mark): Html {
  switch (mark.kind) {
    case 'path': {
      const points = mark.points.map(([x, y]) => `${rounded(x)} ${rounded(y)}`).join('L');
      return markup`<path d="M${points}${mark.closed ? 'Z' : ''}" fill="${mark.fill ?? 'none'}"${stroked(mark)}/>\n`;
    }
    case 'circle':
      return markup`<circle cx="${rounded(mark.at[0])}" cy="${rounded(mark.at[1])}" r="${rounded(mark.r)}" fill="${mark.fill ?? 'none'}"${stroked(mark)}/>\n`;
    case 'text':
      return markup`<text x="${rounded(mark.at[0])}" y="${rounded(mark.at[1])}" font-size="${mark.size}" text-anchor="${mark.anchor}"${mark.bold ? markup` font-weight="bold"` : ''} fill="${mark.fill ?? '#111111'}">${mark.text}</text>\n`;
  }
}

function stroked({ stroke, lineWidth = 1, dash }: Stroke): Html {
  if (stroke === undefined) return markup``;
  return markup` stroke="${stroke}" stroke-width="${lineWidth}"${dash ? markup` stroke-dasharray="${dash.join(' ')}"` : ''}`;
}

/** Rounded to a hundredth of a point: finer digits are not visible, and depend on the last bit of a logarithm. */
function rounded(value: number): number {
  return Math.round(value * 100) / 100 + 0;
}
