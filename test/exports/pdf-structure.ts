/** Reads the structure tree of an uncompressed PDF, and what each page marks: enough to hold the one against the other. */

/** An element of the structure: its type, its attributes as they stand, its children and the marked contents that it holds. */
export interface Element {
  readonly type: string;
  readonly attributes: string;
  readonly children: readonly Element[];
  readonly contents: readonly { readonly page: number; readonly mcid: number }[];
}

/** A page: the number of each content that the structure refers to, and how many texts are marked as what. */
export interface Page {
  readonly mcids: readonly number[];
  readonly texts: { readonly inStructure: number; readonly artifact: number; readonly unmarked: number };
}

export interface Structure {
  readonly root: readonly Element[];
  readonly pages: ReadonlyMap<number, Page>;
}

export function readStructure(bytes: Uint8Array): Structure {
  const text = Buffer.from(bytes).toString('latin1');
  const objects = new Map(
    [...text.matchAll(/^(\d+) 0 obj\n([\s\S]*?)\nendobj/gm)].map(([, id, body]) => [Number(id), body!]),
  );
  const catalog = [...objects.values()].find((body) => /\/Type \/Catalog/.test(body))!;
  const tree = objects.get(referred(catalog, 'StructTreeRoot')!)!;
  const pages = new Map(
    [...objects]
      .filter(([, body]) => /\/Type \/Page\b/.test(body))
      .map(([id, body]) => [id, readPage(objects.get(referred(body, 'Contents')!)!)]),
  );
  return { root: kidsOf(tree).map((id) => readElement(objects, id)), pages };
}

/** Every element below some, in reading order. */
export function* below(elements: readonly Element[]): Generator<Element> {
  for (const element of elements) {
    yield element;
    yield* below(element.children);
  }
}

/** `Table(TR(TH TD) TR(TH TD))` */
export function outline({ type, children }: Element): string {
  return children.length === 0 ? type : `${type}(${children.map(outline).join(' ')})`;
}

function readElement(objects: ReadonlyMap<number, string>, id: number): Element {
  const body = objects.get(id)!;
  const kids = /\/K \[([\s\S]*?)\]\n/.exec(body)?.[1] ?? '';
  const page = referred(body.replace(kids, ''), 'Pg');
  const elsewhere = [...kids.matchAll(/<<[\s\S]*?\/Pg (\d+) 0 R[\s\S]*?\/MCID (\d+)[\s\S]*?>>/g)];
  const here = kids
    .replace(/<<[\s\S]*?>>/g, ' ')
    .replace(/\d+ 0 R/g, ' ')
    .match(/\d+/g);
  return {
    type: /\/S \/(\w+)/.exec(body)![1]!,
    attributes: body,
    children: kidsOf(body).map((kid) => readElement(objects, kid)),
    contents: [
      ...(here ?? []).map((mcid) => ({ page: page!, mcid: Number(mcid) })),
      ...elsewhere.map(([, on, mcid]) => ({ page: Number(on), mcid: Number(mcid) })),
    ],
  };
}

function kidsOf(body: string): number[] {
  const kids = /\/K \[([\s\S]*?)\]\n/.exec(body)?.[1] ?? '';
  return [...kids.replace(/<<[\s\S]*?>>/g, ' ').matchAll(/(\d+) 0 R/g)].map(([, id]) => Number(id));
}

function referred(body: string, key: string): number | undefined {
  const id = new RegExp(`/${key} (\\d+) 0 R`).exec(body)?.[1];
  return id === undefined ? undefined : Number(id);
}

function readPage(stream: string): Page {
  const mcids: number[] = [];
  const texts = { inStructure: 0, artifact: 0, unmarked: 0 };
  const open: ('inStructure' | 'artifact')[] = [];
  const lines = stream.replace(/<<[\s\S]*?>>/g, (dictionary) => dictionary.replaceAll('\n', ' ')).split('\n');
  for (const line of lines) {
    const mcid = /\/MCID (\d+)/.exec(line)?.[1];
    if (mcid !== undefined) mcids.push(Number(mcid));
    if (/ BDC$| BMC$/.test(line)) open.push(line.startsWith('/Artifact') ? 'artifact' : 'inStructure');
    if (/^EMC$/.test(line)) if (!open.pop()) throw new Error('EMC without a beginning');
    if (/ T[jJ]$/.test(line)) texts[open.at(-1) ?? 'unmarked']++;
  }
  if (open.length > 0) throw new Error('marked content without an end');
  return { mcids, texts };
}
