import { closed, described } from '../../study/schema.js';
import { COMMITMENT_DIGEST } from '../../tlog/commitment.js';

/** As a commitment, a request to erase and the record of the erasure name it. */
export const CommitmentDigest = described('the digest of a disclosure in base64url', {
  pattern: COMMITMENT_DIGEST.source,
});

/** A member of record data that is a name, a label or another value that may be erased or withheld. */
export const Commitment = closed({ '...': CommitmentDigest });
