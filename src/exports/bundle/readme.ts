import { counted } from '../../shared/counted.js';
import { expectedVerdict, type About } from './about.js';
import type { Archive } from '../../study/archive.js';
import { archiveInWords } from '../snapshot.js';
import { printInstant } from '../../study/instant.js';

const SIMULATED = `> **SIMULATED DATA.** No animal was used: every value here was made by a program.

`;

const UNWITNESSED = `
**Unwitnessed.** No outside witness has cosigned this laboratory’s log. Whoever holds its folder and its seed could have
rewritten all of it before you received this bundle, and nothing in here would show it. Keep \`lab/checkpoint\`: it shows any
change after that day.
`;

/** README.md of a bundle. */
export function readme(about: About, signatures: number, archive: Archive | undefined): string {
  const { code, title, facility, simulated, size, root, labSize, labVkey, anchor, witnessed, version } =
    about;
  const { verdict, exitCode } = expectedVerdict(about);
  return `# Study ${code}: ${title}

${simulated ? SIMULATED : ''}${whatIsHere(about)}

| | |
|---|---|
| facility | ${facility} |
${archive ? `| archived | ${archiveInWords(archive).replaceAll('|', '\\|')} |\n` : ''}| tree size | ${size} (records 0 to ${size - 1}) |
| root | \`${root}\` |
| anchored | lab record ${anchor.record}, ${printInstant(anchor.recorded)}, at study size ${anchor.size} |
| lab size | ${labSize} |
| verdict to expect | records **${verdict}** (exit code ${exitCode}) |

## To read

\`index.html\`, at the root of the bundle, says what is in it; \`../study.html\` shows the study. They are made from
\`study/records.ndjson\`, and only those records are evidence: one record a line, line k (from 0) is record k, each a
CloudEvents 1.0 object in RFC 8785 form. \`schemas/\` says what each type holds.

${filesHere(about)}

## To check

\`\`\`
node verify.mjs --lab-vkey '${labVkey}'
\`\`\`

needs Node 20 or later and nothing else. It checks the records, and names what it does not look at: pages, tables, this file,
\`VERIFY.md\` and itself. Somebody who alters those and makes the checksums again is found by \`study-ledger verify\` of
version ${version}, from a release: it makes them again from the records and compares them.

**Do not take the key from this bundle**: take it from the laboratory’s own paper, an earlier bundle, or your quality
assurance. A forged bundle is consistent with the key that it names.
\`verify.mjs\` could have been changed as well as the rest: take it from a release that you trust, or do the same checks with
openssl, sha256sum and jq as \`VERIFY.md\` says.
${witnessed ? '' : UNWITNESSED}
## What is what

| file | content |
|---|---|
| \`study/records.ndjson\`, \`study/checkpoint\` | the records; the log’s signed head (C2SP tlog-checkpoint) |
| \`lab/records.ndjson\`, \`lab/checkpoint\` | the whole log of the laboratory up to the anchor: which studies there are, their keys, the heads that were recorded of each |
| \`study/tile/\`, \`lab/tile/\` | the same logs as C2SP tlog-tiles |
| \`anchors/${anchor.record}.tlog-proof\` | that lab record ${anchor.record}, which holds the study’s head, is in the lab’s log (C2SP tlog-proof) |${
    size === anchor.size
      ? ''
      : `\n| \`anchors/${anchor.record}.consistency\` | RFC 6962 consistency proof from size ${size} to the anchored size ${anchor.size} |`
  }
${proofs(about, signatures)}| \`policy/\`, \`keys.txt\` | whose signatures count; every key, with the lab record that published it |
${
  about.names.size === 0
    ? ''
    : `| \`disclosures/\` | names of persons that the records name, each named by the digest in the lab’s log that it opens. Personal data: pass them on only to whom they concern |\n`
}${
    signatures === 0
      ? ''
      : `| \`signatures/\` | for each signature, by the number of its record: what was signed, both signatures, and the person’s public key as the lab enrolled it, as files that openssl reads |\n`
  }${filesAttached(about)}| \`timestamps/\` | RFC 3161 time stamps over lab checkpoints, where there are any |

The folder around this one is a BagIt bag (RFC 8493) with an RO-Crate 1.2 description. Its checksums show damage in
transit; they do not show a change by somebody who also changes the checksum.
`;
}

function proofs({ partial }: About, signatures: number): string {
  if (!partial && signatures === 0) return '';
  const which = partial ? 'record here' : 'signature, and each record that was signed by itself';
  return `| \`proofs/\` | for each ${which}: that it is in the study’s log as \`study/checkpoint\` signs it (C2SP tlog-proof). With its line of \`study/records.ndjson\` it can be checked without the rest |\n`;
}

function filesAttached({ partial, attachments: { named, missing } }: About): string {
  if (named === 0) return '';
  if (partial)
    return `| no \`attachments/\` | the ${counted(named, 'file')} that records name are not part of this |\n`;
  const lacks =
    missing === 0
      ? ''
      : ` **${counted(missing, 'file')} could not be exported**: the laboratory lacks the bytes`;
  return `| \`attachments/\` | the ${counted(named, 'file')} that records name, each under its SHA-256 (\`sha256sum attachments/*\`).${lacks} |\n`;
}

function filesHere({ partial }: About): string {
  const table = `\`../files/table.csv\`: every measurement and treatment as one table, each row with its record numbers`;
  if (partial) return `${table}.`;
  return `${table}. Beside it the report with its figures
(\`report.html\`, \`report.pdf\`), the courses of animals and groups (\`figures/\`), grouped tables to paste, what the records hold for each number of 21 CFR 58.185(a)
(\`data-pack.html\`), the statement of quality assurance (\`quality-statement.html\`), who did what in which role (\`persons.tsv\`), and data sets in the manner of SEND (\`dataset-json/\`). They are
made from the records and are not evidence themselves.`;
}

function whatIsHere({ size, anchor, partial }: About): string {
  if (partial)
    return `A part of the study: ${partial.records} of its ${counted(size, 'record')}, those about animal ${partial.subject} and about the study as a
whole. **${size - partial.records} records are withheld.** Their hashes are here, which proves of each record in
here that it is the record of its number. This is not the complete study.`;
  if (size === anchor.size)
    return 'The complete study as of the anchor named below: no record is missing, added, moved or edited. Later records are\nnot in it.';
  return `The study as it was at tree size ${size}. Records ${size} to ${anchor.size - 1}, which existed when it was anchored, are not part of
this; a proof ties this state to that anchor.`;
}
