import { existsSync, readFileSync } from 'node:fs';
import { sha256Hex } from '../../shared/sha256.js';

const SCRIPT = 'text/javascript; charset=utf-8';
const CONSOLE = new URL('../../console/', import.meta.url);

interface Asset {
  readonly path: string;
  readonly mediaType: string;
  readonly text: string;
}

/**
 * The style sheet and the scripts of the pages. Their addresses hold a digest of their content, so that a browser keeps
 * them for good and never mixes those of two versions.
 */
class Assets {
  readonly style = read('style.css', 'text/css; charset=utf-8')!;
  readonly icon = read('icon.svg', 'image/svg+xml')!;
  private readonly byPath = new Map([this.style, this.icon].map((asset) => [asset.path, asset]));

  /** The address of a script of `client/`; undefined where the program was not built, as in a test of its sources. */
  script(name: string): string | undefined {
    const asset = read(`client/${name}.js`, SCRIPT);
    if (asset) this.byPath.set(asset.path, asset);
    return asset?.path;
  }

  at(path: string): Asset | undefined {
    return this.byPath.get(path) ?? this.shared(path);
  }

  /** What several scripts need: its name holds a digest already. */
  private shared(path: string): Asset | undefined {
    const name = /^\/assets\/shared\/(shared-[A-Z0-9]{8})\.js$/.exec(path)?.[1];
    const asset = name === undefined ? undefined : read(`client/${name}.js`, SCRIPT);
    if (!asset) return undefined;
    const kept = { ...asset, path };
    this.byPath.set(path, kept);
    return kept;
  }
}

export const ASSETS = new Assets();

function read(file: string, mediaType: string): Asset | undefined {
  const url = new URL(file, CONSOLE);
  if (!existsSync(url)) return undefined;
  const text = readFileSync(url, 'utf8');
  const name = file.replace(/^.*\//, '');
  return { path: `/assets/${sha256Hex(text).slice(0, 16)}/${name}`, mediaType, text };
}
