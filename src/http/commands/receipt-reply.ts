import type { ToldReceipt } from '../../queries/tell-findings.js';
import { API } from '../../shared/api-prefix.js';
import { JSON_MEDIA, Reply, etagOfSize } from '../platform/reply.js';

/** What was recorded in a study. */
export function receiptReply(study: string, told: ToldReceipt): Reply {
  const headers = {
    'Content-Type': JSON_MEDIA,
    ETag: etagOfSize(told.treeSize),
    Location: `${API}/studies/${study}/records/${told.records[0]?.number ?? 0}`,
  };
  return new Reply(201, headers, JSON.stringify(told));
}
