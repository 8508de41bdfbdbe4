import { createRequire } from 'node:module';

/** `#package` names package.json from wherever this file was compiled to. */
const { version } = createRequire(import.meta.url)('#package') as { version: string };

/** Of this program. */
export const VERSION = version;
