import type { LedgerConfig } from './ledger-folder.js';

/** Who is asked to watch, and where. */
type Asked = Pick<LedgerConfig, 'plainHttp' | 'timestampAuthority'> & {
  readonly witnesses: readonly { readonly name: string; readonly url: string }[];
};

/**
 * Refuses `http:` addresses that lead out of this machine: whoever is on the way could answer in the place of a witness.
 * What is signed is checked all the same, but a claim without proof is not signed.
 * @throws Error
 */
export function requireSafeAddresses({ plainHttp = false, witnesses, timestampAuthority }: Asked): void {
  const asked = [
    ...witnesses.map(({ name, url }) => ({ who: `the witness ${name}`, url })),
    ...(timestampAuthority ? [{ who: 'the time-stamp authority', url: timestampAuthority.url }] : []),
  ];
  const wrong = asked.find(({ url }) => !isAddress(url));
  if (wrong)
    throw new Error(
      `The address of ${wrong.who} is “${wrong.url}”: write one such as https://witness.example.`,
    );
  const plain = plainHttp ? undefined : asked.find(({ url }) => isPlain(url));
  if (plain)
    throw new Error(
      `The address of ${plain.who}, ${plain.url}, is not encrypted: whoever is on the way can answer for it. Use its https: address, or accept this with init --plain-http ("plainHttp": true in ledger.json).`,
    );
}

function isAddress(address: string): boolean {
  return URL.canParse(address) && /^https?:$/.test(new URL(address).protocol);
}

function isPlain(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === 'http:' && !/^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}
