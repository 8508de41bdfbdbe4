/**
 * BagIt (RFC 8493): a checksum for every file. It shows damage in transit; whoever changes a file on purpose can
 * change its checksum too, so nothing about the study is believed because of it.
 */
import type { Files } from '../runtime/files.js';
import type { Findings } from '../checks/findings.js';
import type { CheckerPool } from '../runtime/pool.js';
import { quote } from '../checks/printable.js';

const MANIFEST = 'manifest-sha512.txt';
/** The only content that RFC 8493 allows `bagit.txt` of version 1.0. */
const DECLARATION = 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n';
const TAG_MANIFEST = 'tagmanifest-sha512.txt';

export async function checkBag(bag: Files, checker: CheckerPool, findings: Findings): Promise<void> {
  const listed = await checkManifest(bag, MANIFEST, checker, findings);
  const tags = await checkManifest(bag, TAG_MANIFEST, checker, findings);
  for (const path of bag.list('data').map((name) => `data/${name}`))
    if (!listed.has(path)) findings.fail('fixity', 'bundle', `${path} is not in ${MANIFEST}`);
  for (const tag of ['bagit.txt', 'bag-info.txt', MANIFEST])
    if (!tags.has(tag)) findings.fail('fixity', 'bundle', `${tag} is not in ${TAG_MANIFEST}`);
  if (bag.text('bagit.txt') !== DECLARATION)
    findings.fail('fixity', 'bundle', 'bagit.txt is not the declaration of a BagIt 1.0 bag');
  for (const path of bag.list('.'))
    if (!path.startsWith('data/') && path !== TAG_MANIFEST && !tags.has(path))
      findings.fail('layout', 'bundle', `${path} does not belong to the bundle`);
}

async function checkManifest(
  bag: Files,
  manifest: string,
  checker: CheckerPool,
  findings: Findings,
): Promise<Set<string>> {
  const listed = new Map<string, string>();
  const text = bag.text(manifest);
  if (text === undefined || !text.endsWith('\n')) {
    findings.fail('fixity', 'bundle', `${manifest} is not there, or is cut off`);
    return new Set();
  }
  for (const line of text.slice(0, -1).split('\n')) {
    const [, digest, path] = /^([0-9a-f]{128}) {2}(\S.*)$/.exec(line) ?? [];
    if (digest === undefined || path === undefined || path.split('/').includes('..') || listed.has(path))
      findings.fail('fixity', 'bundle', `${manifest} has a line that is none: ${quote(line)}`);
    else if (bag.isFile(path)) listed.set(path, digest);
    else findings.fail('fixity', 'bundle', `${path} is missing`);
  }
  const right = await Promise.all(
    [...listed].map(async ([path, digest]) => (await checker.sha512(bag.path(path))) === digest),
  );
  for (const [i, path] of [...listed.keys()].entries())
    if (!right[i]) findings.fail('fixity', 'bundle', `${path} is not what ${manifest} says it is`);
  return new Set(listed.keys());
}
