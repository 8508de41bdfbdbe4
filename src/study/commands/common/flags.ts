/** What is irregular about a proposal that is taken all the same. */
export interface Flag {
  readonly kind: 'deviation' | 'implausible' | 'form';
  readonly code: string;
}

export const deviation = (code: string): Flag => ({ kind: 'deviation', code });
export const implausible = (code: string): Flag => ({ kind: 'implausible', code });
export const form = (code: string): Flag => ({ kind: 'form', code });
