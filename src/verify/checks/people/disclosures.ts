/** Texts that open commitments, by digest; undefined where there is none. */
export type Disclosures = (digest: string) => string | undefined;
