/**
 * BagIt (RFC 8493): a checksum for every file. It shows damage in transit; whoever changes a file on purpose can
 * change its checksum too, so nothing about the study is believed because of it.
 */
import { sha512ByLineEnd, type Files } from '../runtime/files.js';
import type { Findings } from '../checks/findings.js';
import type { CheckerPool } from '../runtime/pool.js';
import { firstFew, quote } from '../checks/printable.js';

const MANIFEST = 'manifest-sha512.txt';
/** The only content that RFC 8493 allows `bagit.txt` of version 1.0. */
const DECLARATION = 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n';
const TAG_MANIFEST = 'tagmanifest-sha512.txt';

/**
 * @returns files that are as listed but for their line ends: one finding for all of them, since a mail program or a transfer
 * in text mode changes every one
 */
export async function checkBag(bag: Files, checker: CheckerPool, findings: Findings): Promise<Set<string>> {
  const check = new BagCheck(bag, checker, findings);
  await check.run();
  return check.otherLineEnds;
}

/** Whether the list of files itself has the line ends of Windows. */
export function isManifestConverted(bag: Files): boolean {
  return bag.text(MANIFEST)?.includes('\r\n') ?? false;
}

/** By path: the checksum. */
type Listed = ReadonlyMap<string, string>;

class BagCheck {
  readonly otherLineEnds = new Set<string>();

  constructor(
    private readonly bag: Files,
    private readonly checker: CheckerPool,
    private readonly findings: Findings,
  ) {}

  async run(): Promise<void> {
    const { otherLineEnds } = this;
    const listed = await this.checkManifest(MANIFEST);
    const tags = await this.checkManifest(TAG_MANIFEST);
    if (otherLineEnds.size > 0)
      this.fail(
        `only the line ends were changed of ${firstFew([...otherLineEnds].sort())}: by a mail program, an editor or a transfer in text mode. Ask for the bundle again, as a zip file`,
      );
    if (listed) this.checkUnlisted(listed);
    if (tags) this.checkTags(tags);
  }

  private checkUnlisted(listed: Listed): void {
    for (const path of this.bag.list('.'))
      if (path.startsWith('data/') && !listed.has(path)) this.fail(`${path} is not in ${MANIFEST}`);
  }

  private checkTags(tags: Listed): void {
    for (const tag of ['bagit.txt', 'bag-info.txt', MANIFEST])
      if (!tags.has(tag)) this.fail(`${tag} is not in ${TAG_MANIFEST}`);
    if (this.bag.text('bagit.txt') !== DECLARATION && !this.otherLineEnds.has('bagit.txt'))
      this.fail('bagit.txt is not the declaration of a BagIt 1.0 bag');
    for (const path of this.bag.list('.'))
      if (!path.startsWith('data/') && path !== TAG_MANIFEST && !tags.has(path))
        this.findings.fail('layout', 'bundle', `${path} does not belong to the bundle`);
  }

  /** @returns what it lists; undefined where it lists no file */
  private async checkManifest(manifest: string): Promise<Listed | undefined> {
    const { bag, checker } = this;
    const listed = new Map<string, string>();
    const text = bag.text(manifest);
    if (!text?.endsWith('\n')) {
      this.fail(`${manifest} is not there, or is cut off`);
      return undefined;
    }
    if (text.includes('\r\n')) this.otherLineEnds.add(manifest);
    const noLines: string[] = [];
    for (const line of text.split(/\r?\n/).slice(0, -1)) {
      const [, digest, path] = /^([0-9a-f]{128}) {2}(\S.*)$/.exec(line) ?? [];
      if (digest === undefined || path === undefined || path.split('/').includes('..') || listed.has(path))
        noLines.push(line);
      else listed.set(path, digest);
    }
    if (noLines.length > 0)
      this.fail(`${manifest} has lines that list no file (${noLines.length}), such as ${quote(noLines[0])}`);
    const there = [...listed.keys()].filter((path) => bag.isFile(path));
    const digests = await checker.digests(
      there.map((path) => bag.path(path)),
      'sha512',
    );
    let next = 0;
    for (const [path, digest] of listed)
      if (there[next] !== path) this.fail(`${path} is missing`);
      else if (digests[next++] === digest) bag.confirm(path, digest);
      else if (sha512ByLineEnd(bag.path(path)).includes(digest)) this.otherLineEnds.add(path);
      else this.fail(`${path} is not what ${manifest} says it is`);
    return listed.size === 0 ? undefined : listed;
  }

  private fail(message: string): void {
    this.findings.fail('fixity', 'bundle', message);
  }
}
