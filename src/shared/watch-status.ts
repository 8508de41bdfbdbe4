/**
 * Whether the ledger is witnessed. `unwitnessed`: no witness and no authority is named. `commissioning`: one is named and
 * has not answered yet. `witnessed`: the quorum of the policy, and the authority, have. `unanchored`: not for too long.
 */
export type WatchState = 'unwitnessed' | 'commissioning' | 'witnessed' | 'unanchored';

export interface ContactStatus {
  readonly name: string;
  readonly url: string;
  /** Lab tree size that was last answered for; 0 for none. */
  readonly size: number;
  readonly at?: string;
  readonly failures: number;
  readonly problem?: string;
  /** A witness that says, without proof, that it remembers another lab log: until it cosigns again. */
  readonly disputed?: true;
}

export interface WatchStatus {
  readonly state: WatchState;
  readonly labTreeSize: number;
  /** The newest lab checkpoint that was published; size 0 for none. */
  readonly published: { readonly size: number; readonly at?: string };
  readonly quorum?: { readonly size: number; readonly at: string };
  readonly witnesses: readonly ContactStatus[];
  readonly authority?: ContactStatus & { readonly genTime?: string };
  /** False where the policy is no longer the text that the ledger began with. A rotation of keys adds to it. */
  readonly policyAsInitialised: boolean;
  readonly alarm?: { readonly code: string; readonly message: string };
  /** By log, what kept it from being anchored in the last round. */
  readonly problems?: Readonly<Record<string, string>>;
}
