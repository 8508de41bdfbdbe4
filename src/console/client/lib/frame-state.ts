import { find } from './elements.js';
import { hashFromBase64 } from '../../../tlog/encoding.js';
import type { TreeHead } from '../../../tlog/merkle.js';
import type { VerifierKey } from '../../../tlog/note.js';
import { keysNamed } from './signatures.js';
import { API } from '../../../shared/api-prefix.js';

/** What the frame of a page of a study says of its log. The server says it: it is what is checked, and proves nothing. */
export interface FrameState {
  readonly code: string;
  /** Address of the interface of this study’s log. */
  readonly log: string;
  /** The records that the page was made from, and their root. */
  readonly shown: TreeHead;
  readonly keys: readonly VerifierKey[];
}

/** @throws LedgerError where a key or the root cannot be one. */
export function frameState(): FrameState {
  const { study = '', size = '', root = '', keys = '' } = find('.time')?.dataset ?? {};
  return {
    code: study,
    log: `${API}/studies/${encodeURIComponent(study)}`,
    shown: { size: Number(size), root: hashFromBase64(root) },
    keys: keysNamed(keys),
  };
}
