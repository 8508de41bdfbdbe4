import type PDFDocument from 'pdfkit';
import type { Drawing, Mark } from './drawing.js';

type Pdf = InstanceType<typeof PDFDocument>;

export interface Fonts {
  readonly regular: string;
  readonly bold: string;
}

/** Draws a figure with its upper left corner at a point, a point a unit. */
export function drawInto(
  pdf: Pdf,
  { marks }: Drawing,
  [x, y]: readonly [number, number],
  fonts: Fonts,
): void {
  pdf.save().translate(x, y);
  for (const mark of marks) draw(pdf, mark, fonts);
  pdf.restore();
}

function draw(pdf: Pdf, mark: Mark, fonts: Fonts): void {
  if (mark.kind === 'text') return text(pdf, mark, fonts);
  if (mark.kind === 'circle') pdf.circle(mark.at[0], mark.at[1], mark.r);
  else {
    const [first, ...rest] = mark.points;
    pdf.moveTo(...first!);
    for (const point of rest) pdf.lineTo(...point);
    if (mark.closed) pdf.closePath();
  }
  pdf.lineWidth(mark.lineWidth ?? 1);
  if (mark.dash) pdf.dash(mark.dash[0], { space: mark.dash[1] });
  else pdf.undash();
  if (mark.fill && mark.stroke) pdf.fillAndStroke(mark.fill, mark.stroke);
  else if (mark.fill) pdf.fill(mark.fill);
  else pdf.stroke(mark.stroke ?? '#111111');
}

function text(pdf: Pdf, mark: Extract<Mark, { kind: 'text' }>, fonts: Fonts): void {
  pdf.font(mark.bold ? fonts.bold : fonts.regular, mark.size).fillColor(mark.fill ?? '#111111');
  const width = mark.anchor === 'start' ? 0 : pdf.widthOfString(mark.text);
  const shift = { start: 0, middle: width / 2, end: width }[mark.anchor];
  const [x, y] = mark.at;
  if (mark.upright) pdf.save().rotate(-90, { origin: [x, y] });
  pdf.text(mark.text, x - shift, y, { baseline: 'alphabetic', lineBreak: false });
  if (mark.upright) pdf.restore();
}
