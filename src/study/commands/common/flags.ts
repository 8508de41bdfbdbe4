/**
 * What is irregular about a proposal that is taken all the same. A reason is due for a deviation and for a query: something
 * that is most often a mistake and may be meant. A form flag is stored by its code alone, the others beside their kind.
 */
export interface Flag {
  readonly kind: 'deviation' | 'implausible' | 'form' | 'query';
  readonly code: string;
  /** Of a query: the record that this one may be mistaken for. */
  readonly otherRecord?: number | undefined;
}

export const deviation = (code: string): Flag => ({ kind: 'deviation', code });
export const implausible = (code: string): Flag => ({ kind: 'implausible', code });
export const form = (code: string): Flag => ({ kind: 'form', code });
export const query = (code: string, otherRecord?: number): Flag => ({ kind: 'query', code, otherRecord });
