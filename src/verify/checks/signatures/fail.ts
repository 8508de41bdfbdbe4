/** Which check of a signature did not pass; stable, for programs. */
export type SignatureCheck =
  | 'statement'
  | 'subject'
  | 'tree'
  | 'lab'
  | 'esign'
  | 'passkey'
  | 'counter'
  | 'credential'
  | 'site'
  | 'attestation'
  | 'person'
  | 'name'
  | 'role'
  | 'meaning'
  | 'time'
  | 'nonce';

export type Fail = (check: SignatureCheck, why: string) => void;
