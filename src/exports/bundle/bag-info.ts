import { bundleName, type About } from './about.js';

/** What `bag-info.txt` of a bundle says, by label. */
export function bagInfo(about: About): Readonly<Record<string, string>> {
  const { code, facility, size, simulated, anchor, version } = about;
  return {
    'Source-Organization': facility,
    'Bagging-Date': anchor.recorded.slice(0, 10),
    'External-Identifier': bundleName(about),
    'External-Description': `Study ${code} at tree size ${size}${simulated ? ' (simulated data)' : ''}`,
    'Bag-Software-Agent': `Study Ledger ${version}`,
  };
}
