import { SIMULATED_NOTICE, type Snapshot } from '../snapshot.js';
import { GREY, RED, box, label, moved, withoutLinks, type Drawing, type Mark } from './drawing.js';

const MARGIN = 10;
const [HEAD, NOTICE, FOOT] = [22, 14, 18];

/** A drawing that is a file of its own: on white, with its title, its place in the ledger, and the notice where all is simulated. */
export function framed(drawing: Drawing, { code, size, root, simulated }: Snapshot): Drawing {
  const top = MARGIN + HEAD + (simulated ? NOTICE : 0);
  const [width, height] = [drawing.width + 2 * MARGIN, top + drawing.height + FOOT + MARGIN];
  const marks: Mark[] = [
    box([0, 0], width, height, { fill: '#ffffff' }),
    label([MARGIN, MARGIN + 10], drawing.title, { size: 10, bold: true }),
    ...(simulated
      ? [label([MARGIN, MARGIN + 23], SIMULATED_NOTICE, { size: 8.5, bold: true, fill: RED })]
      : []),
    ...withoutLinks(drawing).marks.map((mark) => moved(mark, [MARGIN, top])),
    label([MARGIN, height - MARGIN], `study ${code} at tree size ${size}, root ${root}`, {
      size: 6.5,
      fill: GREY,
    }),
  ];
  const title = simulated ? `${SIMULATED_NOTICE} ${drawing.title}` : drawing.title;
  return { width, height, title, marks };
}
