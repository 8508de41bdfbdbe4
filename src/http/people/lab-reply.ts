import type { LabReceipt } from '../../recording/lab-commands.js';
import { API } from '../../shared/api-prefix.js';
import { Refusal } from '../../study/refusal.js';
import { JSON_MEDIA, Reply, etagOfSize } from '../platform/reply.js';

/** The receipt of a command of the lab; where it hands out a secret, that is in it the first time. */
export function labReply(receipt: LabReceipt | Refusal): Reply | Refusal {
  if (receipt instanceof Refusal) return receipt;
  const { study: _, ...said } = receipt;
  const headers = {
    'Content-Type': JSON_MEDIA,
    ETag: etagOfSize(receipt.treeSize),
    Location: `${API}/lab/records?from=${receipt.records[0]?.number ?? 0}&limit=1`,
  };
  return new Reply(201, headers, JSON.stringify(said));
}
