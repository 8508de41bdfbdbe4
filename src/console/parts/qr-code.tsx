import type { JSX } from 'preact';
import { encodeQR } from 'qr';

/** The quiet zone around the code, in modules (ISO/IEC 18004, 6.3.8). */
const QUIET_ZONE = 4;

/** A text as a QR code, black on white whatever the colours of the page: a reader needs the contrast. */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }): JSX.Element {
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border: QUIET_ZONE });
  const size = rows.length;
  return (
    <svg
      class="qr"
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={label}
      shape-rendering="crispEdges"
    >
      <rect width={size} height={size} fill="white" />
      <path d={rows.map(runsOf).join('')} fill="black" />
    </svg>
  );
}

/** A bar for each run of black modules in a row. */
function runsOf(row: readonly boolean[], y: number): string {
  let bars = '';
  for (let from = 0; from < row.length; from++) {
    if (!row[from]) continue;
    let to = from;
    while (row[to]) to++;
    bars += `M${from} ${y}h${to - from}v1h${from - to}z`;
    from = to;
  }
  return bars;
}
