import type { Page, Reader } from '../../console/page.js';
import type { FrameProps } from '../../console/parts/frame.js';
import { signedInAs } from '../../console/viewer.js';
import { BEGINNING, encodeCursor } from '../../queries/feed-cursor.js';
import type { Engine } from '../../recording/engine.js';
import { VERSION } from '../../shared/version.js';
import { ASSETS } from './assets.js';

/** Addresses of the scripts of a page: that of every page, and its own. */
export function scriptsOf({ script }: Page): readonly string[] {
  return ['frame', script]
    .map((name) => (name === undefined ? undefined : ASSETS.script(name)))
    .filter((address) => address !== undefined);
}

/** What the frame of every page says of the ledger and of the reader. */
export function frameOf(
  { labNow, clock }: Engine,
  reader: Reader,
  scripts: readonly string[],
): Pick<FrameProps, 'facility' | 'simulated' | 'who' | 'version' | 'icon' | 'style' | 'scripts'> {
  const { facility, simulated } = labNow;
  return {
    facility,
    simulated,
    who: signedInAs(labNow, reader, clock()),
    version: VERSION,
    icon: ASSETS.icon.path,
    style: ASSETS.style.path,
    scripts,
  };
}

/** Where the feed goes on after the records that there are: the page announces what comes then. */
export async function cursorAfter(engine: Engine, code: string, size: number): Promise<string> {
  const ledger = (await engine.log('lab')).leaf(0);
  const index = [...engine.labNow.studies.keys()].indexOf(code);
  return encodeCursor(ledger, { ...BEGINNING, others: new Map([[index, size]]) });
}
